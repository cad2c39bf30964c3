/** Protocols: what is missing, or noisy, in which part of the data. The same for every method, whatever it is. */
import {
  number,
  type OptionSpecs,
  type OptionValues,
  record,
  resolveOptions,
} from "../config/options.ts";
import {
  type Part as ConfigurablePart,
  definePart,
  findPart,
  type PartConfig,
  type PartDefinition,
  registryOf,
} from "../config/part.ts";
import { type Dataset, hasModality, mask } from "./dataset.ts";
import { drawPatterns, missingMasks } from "./missing.ts";
import { addNoise } from "./noise.ts";
import type { Part } from "./split.ts";

export interface ProtocolDefinition<S extends OptionSpecs = OptionSpecs> extends PartDefinition<S> {
  /** The parts that it changes; a training under a protocol that leaves training alone is one on complete data. */
  readonly parts: readonly Part[];
  /** Where charts show it: a line's name, and the place along it. */
  axis(options: OptionValues<S>): { readonly line: string; readonly at: number };
  apply(dataset: Dataset, options: OptionValues<S>, stream: string): Dataset;
}

// biome-ignore lint/suspicious/noExplicitAny: apply() takes the options that its own specs describe
type AnyProtocol = ProtocolDefinition<any>;

function defineProtocol<const S extends OptionSpecs>(
  definition: ProtocolDefinition<S>,
): ConfigurablePart<S, ProtocolDefinition<S>> {
  return definePart("protocol", definition);
}

const RATE = { rate: number(0.3, "probability of losing a pair", { min: 0, max: 1 }) };
/** Of all masks: the methods' seeds have no part in them. */
const MASK_SEED = 0;
const EVERYWHERE: readonly Part[] = ["train", "validation", "test"];

function loseCells(dataset: Dataset, rate: number | Record<string, number>, stream: string) {
  return mask(dataset, missingMasks(dataset, { rate, seed: MASK_SEED, stream }).present);
}

const complete = defineProtocol({
  name: "complete",
  title: "the data as they are",
  options: {},
  parts: [],
  axis: () => ({ line: "complete", at: 0 }),
  apply: (dataset) => dataset,
});

const cells = defineProtocol({
  name: "cells",
  title: "each (sample, modality) pair is lost by chance, in all parts",
  options: RATE,
  parts: EVERYWHERE,
  axis: ({ rate }) => ({ line: "pairs missing in all parts", at: rate }),
  apply: (dataset, { rate }, stream) => loseCells(dataset, rate, stream),
});

const testOnly = defineProtocol({
  name: "test-only",
  title: "each (sample, modality) pair is lost by chance, in the test part alone",
  options: RATE,
  parts: ["test"],
  axis: ({ rate }) => ({ line: "pairs missing in the test part", at: rate }),
  apply: (dataset, { rate }, stream) => loseCells(dataset, rate, stream),
});

const oneModality = defineProtocol({
  name: "one-modality",
  title: "some modalities lose a share of their training samples; the rest is complete",
  options: { lost: record("share of training samples that lack the modality", { max: 1 }) },
  parts: ["train"],
  axis: ({ lost }) => ({
    line: `${Object.keys(lost).join(" + ")} missing in training`,
    at: Math.max(0, ...Object.values(lost)),
  }),
  apply: (dataset, { lost }, stream) => loseCells(dataset, { ...lost }, stream),
});

const noise = defineProtocol({
  name: "noise",
  title: "modalities of the test part are noisy: Gaussian noise, or words lost",
  options: {
    strength: record("share of a modality's input that is noise or lost", { max: 0.95 }),
  },
  parts: ["test"],
  axis: ({ strength }) => ({
    line: `${Object.keys(strength).join(" + ")} noisy in the test part`,
    at: Math.max(0, ...Object.values(strength)),
  }),
  apply: (dataset, { strength }) => addNoise(dataset, strength, MASK_SEED),
});

const patterns = defineProtocol({
  name: "patterns",
  title: "each sample has some of its modalities, every incomplete pattern equally likely",
  options: {},
  parts: EVERYWHERE,
  axis: () => ({ line: "incomplete patterns in all parts", at: 0 }),
  apply: (dataset, _, stream) => mask(dataset, drawPatterns(dataset, MASK_SEED, stream)),
});

export const PROTOCOL_PARTS = { complete, cells, testOnly, oneModality, noise, patterns };

/** Every protocol by name. */
export const PROTOCOLS: Readonly<Record<string, AnyProtocol>> =
  registryOf<AnyProtocol>(PROTOCOL_PARTS);

/** A protocol in words and on a chart's axis. */
export interface ProtocolRecord {
  readonly name: string;
  /** Unique among configured protocols: `cells rate=0.3`. */
  readonly label: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly line: string;
  readonly at: number;
}

/** @throws {OptionError} if there is no such protocol or an option is wrong */
export function describeProtocol({ name, options }: PartConfig): ProtocolRecord {
  const definition = findPart("protocol", PROTOCOLS, name);
  const resolved: OptionValues<OptionSpecs> = resolveOptions(name, definition.options, options);
  const shown = Object.entries(resolved).flatMap(([key, value]) =>
    typeof value === "object"
      ? Object.entries(value as object).map(([m, share]) => `${m}=${share}`)
      : [`${key}=${value}`],
  );
  return {
    name,
    label: [name, ...shown].join(" "),
    options: resolved,
    ...definition.axis(resolved),
  };
}

/** The protocol under which a training is the same: this one, or the complete data. */
export function trainingProtocol({ name, options }: PartConfig): PartConfig {
  const { parts } = findPart("protocol", PROTOCOLS, name);
  return parts.includes("train") ? { name, options } : complete();
}

/** One part of the data under a protocol; its values are shared where they do not change. */
export function underProtocol(dataset: Dataset, part: Part, config: PartConfig): Dataset {
  const definition = findPart("protocol", PROTOCOLS, config.name);
  const options = resolveOptions(config.name, definition.options, config.options);
  return definition.parts.includes(part)
    ? definition.apply(dataset, options, `protocol/${part}`)
    : dataset;
}

/** Share of the (sample, modality) pairs that a dataset lacks. */
export function missingShare({ modalities, size }: Dataset): number {
  const all = Object.values(modalities);
  let missing = 0;
  for (const data of all) {
    for (let i = 0; i < size; i++) missing += hasModality(data, i) ? 0 : 1;
  }
  return missing / (all.length * size);
}
