import { type AnyPart, bindPart, type PartConfig } from "../config/part.ts";
import type { Dataset, ModalityData } from "../data/dataset.ts";
import { modalityNames } from "../data/dataset.ts";
import type { ChannelNorm } from "../data/normalise.ts";
import type { InputSpec } from "../encoders/encoder.ts";
import { DataError, formatNames } from "../engine/errors.ts";

/** All that is needed to build a model again, as JSON; it is saved with the weights. */
export interface ModelSpec<M extends string = string> {
  readonly classes: readonly string[];
  /** Length of the features that every encoder ends in. */
  readonly dim: number;
  /** In the order of declaration, which is the order of training. */
  readonly inputs: Readonly<Record<M, InputSpec>>;
  /** Text of the tokens of each bag modality, so that words can be predicted on. */
  readonly words: { readonly [K in M]?: readonly string[] };
  /** How bytes become the values of each dense modality that was normalised so; left out if none was. */
  readonly norms?: { readonly [K in M]?: ChannelNorm };
  readonly encoders: Readonly<Record<M, PartConfig>>;
  readonly method: PartConfig;
  /** Null: the method combines the modalities itself, or not at all. */
  readonly fusion: PartConfig | null;
}

/**
 * The spec with the parts that its configurations name.
 *
 * @param parts - for configurations that are JSON alone, as those of a file are
 * @throws {OptionError} if one is not among them
 */
export function bindSpec<M extends string>(
  spec: ModelSpec<M>,
  parts: readonly AnyPart[],
): ModelSpec<M> {
  const encoders = Object.entries<PartConfig>(spec.encoders).map(([m, config]) => [
    m,
    bindPart("encoder", config, parts),
  ]);
  return {
    ...spec,
    encoders: Object.fromEntries(encoders),
    method: bindPart("method", spec.method, parts),
    fusion: spec.fusion && bindPart("fusion", spec.fusion, parts),
  };
}

/** What each modality of a dataset looks like. */
export function inputSpecs<M extends string>(dataset: Dataset<M>): Record<M, InputSpec> {
  return mapModalities(dataset, ({ ...data }) =>
    data.kind === "dense"
      ? { kind: "dense", shape: data.shape }
      : { kind: "bag", vocabulary: data.vocabulary },
  );
}

/**
 * Checks that data look like what a model takes: the same modalities, of the same shapes and vocabularies.
 *
 * @param what - what the data are, for the message
 * @throws {DataError} that names the modality
 */
export function checkForms<M extends string>(
  where: string,
  what: string,
  wanted: Readonly<Record<M, InputSpec>>,
  dataset: Dataset<M>,
): void {
  const actual = inputSpecs(dataset);
  const names = Object.keys(wanted) as M[];
  for (const m of new Set([...names, ...modalityNames(dataset)])) {
    const [want, got] = [JSON.stringify(wanted[m]), JSON.stringify(actual[m])];
    if (want === got) continue;
    throw new DataError(
      `${where}: Cannot use ${what} for modality "${m}": expected ${want ?? `one of ${formatNames(names)}`}, got ${got ?? "none"}`,
    );
  }
}

/** The words of the bag modalities that know them. */
export function wordLists<M extends string>(dataset: Dataset<M>): { [K in M]?: readonly string[] } {
  const lists: { [K in M]?: readonly string[] } = {};
  for (const m of modalityNames(dataset)) {
    const data: ModalityData = dataset.modalities[m];
    if (data.kind === "bag" && data.words !== undefined) lists[m] = data.words;
  }
  return lists;
}

/** The normalisation of the dense modalities that have one; undefined if none has. */
export function channelNorms<M extends string>(
  dataset: Dataset<M>,
): { [K in M]?: ChannelNorm } | undefined {
  const norms: { [K in M]?: ChannelNorm } = {};
  for (const m of modalityNames(dataset)) {
    const data: ModalityData = dataset.modalities[m];
    if (data.kind === "dense" && data.norm !== undefined) norms[m] = data.norm;
  }
  return Object.keys(norms).length > 0 ? norms : undefined;
}

function mapModalities<M extends string, T>(
  dataset: Dataset<M>,
  make: (data: ModalityData) => T,
): Record<M, T> {
  return Object.fromEntries(
    modalityNames(dataset).map((m) => [m, make(dataset.modalities[m])]),
  ) as Record<M, T>;
}
