import { bindPart, findPart, type PartConfig } from "../config/part.ts";
import type { InputSpec } from "../encoders/encoder.ts";
import { planEncoder } from "../encoders/plan.ts";
import { DataFormatError, formatNames, formatShape } from "../engine/errors.ts";
import { decodeSafetensors, type TensorFile } from "../io/safetensors.ts";
import * as maps from "./maps.ts";
import {
  type ForeignTensor,
  fillName,
  matchName,
  type WeightMap,
  type WeightRule,
} from "./weight-map.ts";

/** Every map by name. */
export const WEIGHT_MAPS: Readonly<Record<string, WeightMap>> = Object.fromEntries(
  Object.values(maps).map((map) => [map.name, map]),
);

/** An encoder as it will be built. */
export interface EncoderPlace {
  readonly modality: string;
  readonly encoder: PartConfig;
  readonly input: InputSpec;
  readonly dim: number;
}

export interface LoadWeightsOptions {
  /** Name of a map; default: the one that finds most. */
  readonly map?: string;
  /** Whether the last layer, `out`, is read from the file's classifier. Default: no, it begins at random. */
  readonly head?: boolean;
  /** Refuses a file that lacks something, has more, or something of another shape. Default: no. */
  readonly strict?: boolean;
}

/** What became of a file's tensors and an encoder's parameters. */
export interface WeightReport {
  /** Name of the map. */
  readonly map: string;
  /** What stands before all names in the file. */
  readonly prefix: string;
  /** Our parameters that were read. */
  readonly loaded: readonly string[];
  /** Our last layer, if it was not asked for. */
  readonly fresh: readonly string[];
  /** Our parameters for which the file has nothing. */
  readonly missing: readonly string[];
  /** The file's tensors that nothing was made of; counters and heads of other tasks do not count. */
  readonly extra: readonly string[];
  /** Our parameters whose tensors have another shape; they are not read. */
  readonly misshaped: readonly {
    readonly name: string;
    readonly expected: string;
    readonly got: string;
  }[];
}

export interface LoadedWeights {
  /** For `train({ initial })`: values by the names of a model's parameters. */
  readonly initial: ReadonlyMap<string, Float32Array>;
  readonly report: WeightReport;
}

/**
 * Reads trained weights of another framework into an encoder: those that the map knows and that fit.
 *
 * @param file - a safetensors file (float32, float64, float16 or bfloat16), or what was read of one
 * @throws {DataFormatError} if the file is damaged, if nothing in it fits, or, when strict, if not everything does
 * @throws {OptionError} if there is no such map, or the encoder is wrongly configured
 */
export function loadWeights(
  { modality, encoder, input, dim }: EncoderPlace,
  file: Uint8Array | TensorFile,
  { map, head = false, strict = false }: LoadWeightsOptions = {},
): LoadedWeights {
  const { tensors } = file instanceof Uint8Array ? decodeSafetensors(file, "weights") : file;
  const { shapes } = planEncoder(modality, bindPart("encoder", encoder), input, dim);
  const candidates =
    map === undefined ? Object.values(WEIGHT_MAPS) : [findPart("weights", WEIGHT_MAPS, map)];
  const { values, report } = candidates
    .map((candidate) => applyMap(candidate, tensors, shapes, head))
    .reduce((best, other) =>
      other.report.loaded.length > best.report.loaded.length ? other : best,
    );
  if (report.loaded.length === 0) {
    throw new DataFormatError(
      `weights: Cannot read anything for "${modality}": expected names as of ${formatNames(candidates.map(({ name }) => name))} that fit "${encoder.name}", got ${formatNames([...tensors.keys()].slice(0, 3))}, ...`,
    );
  }
  if (strict) checkStrictly(modality, report);
  const named = [...values].map(([name, own]) => [`encoders.${modality}.${name}`, own] as const);
  return { initial: new Map(named), report };
}

function checkStrictly(modality: string, { missing, extra, misshaped }: WeightReport): void {
  const [shape] = misshaped;
  const problem =
    shape !== undefined
      ? `"${shape.name}" of shape ${shape.expected}, got ${shape.got}`
      : missing.length > 0
        ? `something for ${formatNames(missing.slice(0, 5))}, got nothing`
        : extra.length > 0
          ? `nothing else, got ${formatNames(extra.slice(0, 5))}`
          : undefined;
  if (problem === undefined) return;
  throw new DataFormatError(`weights: Cannot load all of "${modality}": expected ${problem}`);
}

interface Source {
  readonly rule: WeightRule;
  readonly keys: readonly string[];
}

function applyMap(
  map: WeightMap,
  tensors: ReadonlyMap<string, ForeignTensor>,
  shapes: ReadonlyMap<string, readonly number[]>,
  head: boolean,
): { values: Map<string, Float32Array>; report: WeightReport } {
  const renamed = new Map(
    [...tensors].map(([key, tensor]) => [map.rename?.(key) ?? key, { key, tensor }]),
  );
  const all = [...map.rules, ...map.head];
  const sources = new Map<string, Source>();
  for (const name of shapes.keys()) {
    const source = sourceOf(all, name);
    if (source !== undefined) sources.set(name, source);
  }
  const prefix = findPrefix(
    [...sources.values()].flatMap(({ keys }) => keys),
    [...renamed.keys()],
  );
  const ofHead = new Set(map.head.flatMap(({ theirs }) => theirs));
  const isHead = (name: string) => map.head.some(({ ours }) => matchName(ours, name) !== undefined);
  const values = new Map<string, Float32Array>();
  const fresh: string[] = [];
  const missing: string[] = [];
  const misshaped: { name: string; expected: string; got: string }[] = [];
  const used = new Set<string>();
  for (const [name, shape] of shapes) {
    const source = sources.get(name);
    const found = source?.keys.map((key) => renamed.get(prefix + key) ?? renamed.get(key)) ?? [];
    for (const entry of found) if (entry !== undefined) used.add(entry.key);
    if (isHead(name) && !head) {
      fresh.push(name);
      continue;
    }
    if (source === undefined || found.some((entry) => entry === undefined)) {
      missing.push(name);
      continue;
    }
    const foreign = found.map((entry) => entry?.tensor as ForeignTensor);
    const made = convert(source.rule, foreign, shape);
    if (made === undefined) {
      const got = foreign.map((tensor) => formatShape(tensor.shape)).join(" and ");
      misshaped.push({ name, expected: formatShape(shape), got });
    } else values.set(name, made);
  }
  const extra = [...renamed]
    .filter(([key, entry]) => !used.has(entry.key) && !map.ignored.test(key))
    .filter(([key]) => !ofHead.has(key) && !ofHead.has(key.slice(prefix.length)))
    .map(([, { key }]) => key);
  const loaded = [...values.keys()];
  return {
    values,
    report: { map: map.name, prefix, loaded, fresh, missing, extra, misshaped },
  };
}

function sourceOf(rules: readonly WeightRule[], name: string): Source | undefined {
  for (const rule of rules) {
    const parts = matchName(rule.ours, name);
    if (parts !== undefined) return { rule, keys: rule.theirs.map((key) => fillName(key, parts)) };
  }
  return undefined;
}

/** What most keys that are looked for have before them in the file: "", "bert.", "module.encoder.". */
function findPrefix(wanted: readonly string[], given: readonly string[]): string {
  const counts = new Map<string, number>();
  const keys = new Set(wanted);
  for (const name of given) {
    for (let start = 0; start >= 0; start = name.indexOf(".", start) + 1 || -1) {
      if (!keys.has(name.slice(start))) continue;
      const prefix = name.slice(0, start);
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
  }
  const [best = ["", 0]] = [...counts].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length);
  return best[0];
}

/** Our values, or undefined if the tensors do not fit. */
function convert(
  { convert: change = ([first]) => first as ForeignTensor }: WeightRule,
  tensors: readonly ForeignTensor[],
  shape: readonly number[],
): Float32Array | undefined {
  const made = change(tensors, shape);
  if (formatShape(made.shape) !== formatShape(shape)) return undefined;
  return made.data instanceof Float32Array ? made.data : Float32Array.from(made.data, Number);
}
