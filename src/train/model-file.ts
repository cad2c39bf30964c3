import type { AnyPart, PartConfig } from "../config/part.ts";
import type { InputSpec } from "../encoders/encoder.ts";
import { DataFormatError } from "../engine/errors.ts";
import { type FittedFusion, restoreFusion } from "../fusion/fusion.ts";
import { decodeSafetensors, encodeSafetensors } from "../io/safetensors.ts";
import { bindSpec, type ModelSpec } from "./model-spec.ts";
import type { Network } from "./network.ts";

const FORMAT = "altermodal-model-1";

/** A model as one safetensors file; the metadata hold the spec and the fitted fusion. */
export function writeModel<M extends string>(
  network: Network<M>,
  fusion: FittedFusion | null,
): Uint8Array {
  const tensors = network.parameters
    .entries()
    .map(([name, tensor]) => [name, { shape: tensor.shape, data: tensor.toArray() }]);
  return encodeSafetensors(Object.fromEntries(tensors), {
    format: FORMAT,
    spec: JSON.stringify(network.spec),
    fusion: JSON.stringify(fusion?.state() ?? null),
  });
}

/**
 * @param parts - where the names of the file are looked up
 * @throws {DataFormatError} if the bytes are truncated, hostile, or no model of this library
 * @throws {OptionError} if a part of the model is not among those given
 */
export function readModel<M extends string>(bytes: Uint8Array, parts: readonly AnyPart[]) {
  const { tensors, metadata } = decodeSafetensors(bytes, "model");
  const format = metadata.get("format");
  if (format !== FORMAT) {
    throw new DataFormatError(
      `model: Cannot open this file: expected format "${FORMAT}", got ${JSON.stringify(format ?? null)}`,
    );
  }
  const spec = bindSpec(readSpec<M>(parse(metadata.get("spec"))), parts);
  const fusion = spec.fusion && restoreFusion(spec.fusion, parse(metadata.get("fusion")));
  const values = new Map([...tensors].map(([name, { data }]) => [name, data as Float32Array]));
  return { spec, values, fusion };
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
