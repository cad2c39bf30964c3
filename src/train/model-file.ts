import type { AnyPart, PartConfig } from "../config/part.ts";
import type { InputSpec } from "../encoders/encoder.ts";
import { DataFormatError } from "../engine/errors.ts";
import { type FittedFusion, restoreFusion } from "../fusion/fusion.ts";
import { fromInt8, type Int8Tensor } from "../io/int8.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type TensorFile,
  type TensorInput,
} from "../io/safetensors.ts";
import { bindSpec, type ModelSpec } from "./model-spec.ts";
import type { Network } from "./network.ts";

const FORMAT = "altermodal-model-";
/** Version 2 may have tensors of eight bits; a file says the least version that can read it. */
const NEWEST = 2;
/** Behind the name of a tensor of eight bits: its scales. */
const SCALES = ".scales";

/** How some tensors of a file are stored, if not as float32. */
export interface Packing {
  /** Version of the format that has it. */
  readonly version: number;
  pack(data: Float32Array, shape: readonly number[]): TensorInput | Int8Tensor;
}

/** A model as one safetensors file; the metadata hold the spec and the fitted fusion. */
export function writeModel<M extends string>(
  network: Network<M>,
  fusion: FittedFusion | null,
  packing?: Packing,
): Uint8Array<ArrayBuffer> {
  const tensors: Record<string, TensorInput> = {};
  const axes: Record<string, number> = {};
  for (const [name, tensor] of network.parameters.entries()) {
    const { shape } = tensor;
    const data = tensor.toArray() as Float32Array;
    const packed = packing?.pack(data, shape) ?? { shape, data };
    if ("data" in packed) {
      tensors[name] = packed;
      continue;
    }
    const { values, scales, axis } = packed;
    tensors[name] = { shape, data: values };
    tensors[name + SCALES] = { shape: [scales.length], data: scales };
    axes[name] = axis;
  }
  return encodeSafetensors(tensors, {
    format: `${FORMAT}${packing?.version ?? 1}`,
    spec: JSON.stringify(network.spec),
    fusion: JSON.stringify(fusion?.state() ?? null),
    ...(Object.keys(axes).length > 0 && { int8: JSON.stringify(axes) }),
  });
}

/**
 * @param parts - where the names of the file are looked up
 * @throws {DataFormatError} if the bytes are truncated, hostile, or no model of this library
 * @throws {OptionError} if a part of the model is not among those given
 */
export function readModel<M extends string>(bytes: Uint8Array, parts: readonly AnyPart[]) {
  const file = decodeSafetensors(bytes, "model");
  const { metadata } = file;
  checkFormat(metadata.get("format") ?? "none");
  const spec = bindSpec(readSpec<M>(parse(metadata.get("spec"))), parts);
  const fusion = spec.fusion && restoreFusion(spec.fusion, parse(metadata.get("fusion")));
  return { spec, values: unpack(file), fusion };
}

function checkFormat(format: string): void {
  const version = format.startsWith(FORMAT) ? Number(format.slice(FORMAT.length)) : Number.NaN;
  if (version >= 1 && version <= NEWEST) return;
  const remedy = version > NEWEST ? "; a newer altermodal wrote it: update this one" : "";
  throw new DataFormatError(
    `model: Cannot open this file: expected format "${FORMAT}${NEWEST}" or an earlier one, got ${JSON.stringify(format)}${remedy}`,
  );
}

/** Every tensor as float32. */
function unpack({ tensors, metadata }: TensorFile): Map<string, Float32Array> {
  const axes = parse(metadata.get("int8") ?? "{}") as Readonly<Record<string, unknown>>;
  const values = new Map([...tensors].map(([name, { data }]) => [name, data as Float32Array]));
  for (const [name, axis] of Object.entries(axes ?? {})) {
    const { shape, data } = tensors.get(name) ?? { shape: [], data: undefined };
    const scales = values.get(name + SCALES);
    const along = shape[axis as number];
    if (!(data instanceof Int8Array && scales instanceof Float32Array && scales.length === along)) {
      throw fail(`"${name}"`, "eight-bit values with a scale per channel", "something else");
    }
    values.set(name, fromInt8(data, scales, shape, axis as number));
    values.delete(name + SCALES);
  }
  return values;
}

function parse(text = "null"): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fail("its metadata", "JSON", "other text");
  }
}

/** Checks the outer form; the parts check their own options when the network is built. */
function readSpec<M extends string>(value: unknown): ModelSpec<M> {
  const spec = value as ModelSpec<M> | null;
  const isRecord = (x: unknown) => typeof x === "object" && x !== null && !Array.isArray(x);
  const isPart = (x: unknown) =>
    isRecord(x) &&
    typeof (x as PartConfig).name === "string" &&
    isRecord((x as PartConfig).options);
  const isInput = (x: unknown) => {
    const input = x as Partial<InputSpec & { shape: unknown; vocabulary: unknown }> | null;
    return input?.kind === "bag" ? isCount(input.vocabulary) : isShape(input?.shape);
  };
  const checks: [string, boolean][] = [
    ["an object", isRecord(spec)],
    ["classes", isTexts(spec?.classes)],
    ["a dim >= 1", isCount(spec?.dim)],
    ["inputs", isRecord(spec?.inputs) && Object.values(spec?.inputs ?? {}).every(isInput)],
    ["word lists", isRecord(spec?.words) && Object.values(spec?.words ?? {}).every(isTexts)],
    ["normalisations or none", isNorms(spec)],
    ["encoders", isRecord(spec?.encoders)],
    [
      "one encoder per input",
      Object.keys(spec?.inputs ?? {}).every((m) => isPart(spec?.encoders?.[m as M])),
    ],
    ["a method", isPart(spec?.method)],
    ["a fusion rule or null", spec?.fusion === null || isPart(spec?.fusion)],
  ];
  const wrong = checks.find(([, ok]) => !ok);
  if (wrong !== undefined) throw fail("its spec", wrong[0], "something else");
  return spec as ModelSpec<M>;
}

/** One finite mean and one deviation above 0 for each channel, which is the last axis. */
function isNorms(spec: ModelSpec<string> | null): boolean {
  return Object.entries(spec?.norms ?? {}).every(([m, norm]) => {
    const input = spec?.inputs?.[m];
    const channels = input?.kind === "dense" ? input.shape.at(-1) : undefined;
    const fits = (values: unknown, above: number) =>
      Array.isArray(values) &&
      values.length === channels &&
      values.every((value) => Number.isFinite(value) && value > above);
    return fits(norm?.mean, Number.NEGATIVE_INFINITY) && fits(norm?.deviation, 0);
  });
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) < 2 ** 28;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((x) => typeof x === "string");
}

function isShape(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isCount);
}

function fail(what: string, expected: string, got: string): DataFormatError {
  return new DataFormatError(`model: Cannot read ${what}: expected ${expected}, got ${got}`);
}
