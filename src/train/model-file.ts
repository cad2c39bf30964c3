import { DataFormatError } from "../engine/errors.ts";
import type { FittedFusion } from "../fusion/fusion.ts";
import { restoreFusion } from "../fusion/registry.ts";
import { decodeSafetensors, encodeSafetensors } from "../io/safetensors.ts";
import type { ModelSpec } from "./model-spec.ts";
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

/** @throws {DataFormatError} if the bytes are truncated, hostile, or no model of this library */
export function readModel<M extends string>(bytes: Uint8Array) {
  const { tensors, metadata } = decodeSafetensors(bytes, "model");
  const format = metadata.get("format");
  if (format !== FORMAT) {
    throw new DataFormatError(
      `model: Cannot open this file: expected format "${FORMAT}", got ${JSON.stringify(format ?? null)}`,
    );
  }
  const spec = JSON.parse(metadata.get("spec") ?? "null") as ModelSpec<M>;
  const state: unknown = JSON.parse(metadata.get("fusion") ?? "null");
  const fusion = spec.fusion && restoreFusion(spec.fusion, state);
  const values = new Map([...tensors].map(([name, { data }]) => [name, data as Float32Array]));
  return { spec, values, fusion };
}
