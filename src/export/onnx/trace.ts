/** What a model computes for batches of two sizes, call by call. */
import type { EncoderInput, InputSpec } from "../../encoders/encoder.ts";
import type { Engine } from "../../engine/engine.ts";
import { DataError } from "../../engine/errors.ts";
import type { Tensor } from "../../engine/tensor.ts";
import type { Features } from "../../methods/method.ts";
import { EVALUATION } from "../../nn/layers.ts";
import { concat, slice } from "../../ops/index.ts";
import { Random } from "../../random.ts";
import type { Model } from "../../train/model.ts";
import { type FusedTensors, fuseTensors } from "./fusion-rules.ts";
import { type Call, recordCalls } from "./record.ts";
import { keyTensor, withStandIns } from "./sequences/index.ts";

export interface Trace<M extends string> {
  readonly calls: readonly Call[];
  /** The tensor that stands for each modality's input. */
  readonly inputs: Readonly<Record<M, Tensor>>;
  /** What is said of each set of modalities but the empty one: bit j of the position + 1 is modality j. */
  readonly said: readonly FusedTensors[];
}

/**
 * A forward pass over made-up samples for every set of modalities.
 *
 * @throws {DataError} if neither method nor fusion rule combines the modalities
 */
export function traceModel<M extends string>(model: Model<M>, size: number): Trace<M> {
  const { engine, fusion, network, spec } = model;
  const names = network.modalities;
  const made = names.map((m) => makeInput(engine, m, spec.inputs[m], size));
  const speak = (name: (part: string) => void): FusedTensors[] => {
    const encoded = names.map((m, j): [M, Features] => {
      const input = made[j] as EncoderInput;
      name(`encoder "${spec.encoders[m].name}" of modality "${m}"`);
      return [m, { values: network.encoders[m].forward(input, EVALUATION), rows: null, input }];
    });
    return Array.from({ length: (1 << names.length) - 1 }, (_, i) => {
      const own = encoded.filter((_, j) => (((i + 1) >> j) & 1) === 1);
      name(`method "${spec.method.name}"`);
      const { experts, joint, modalities } = network.method.logits(
        Object.fromEntries(own) as { [K in M]?: Features },
        size,
      );
      name("the fusion rule");
      if (joint !== null) return { logits: joint, weights: null };
      if (fusion === null) {
        throw new DataError(
          `onnx: Cannot combine the modalities: expected a method or a fusion rule that does, got "${spec.method.name}" without one; pass { fusion } to train()`,
        );
      }
      const voices = Object.entries<Tensor>({ ...(modalities as object), ...experts });
      const fused = fuseTensors(fusion, {
        names: voices.map(([voice]) => voice),
        logits: voices.map(([, z]) => z),
      });
      const shown = own.map(([m]) => m);
      return { ...fused, weights: fused.weights && inPlace(fused.weights, names, shown) };
    });
  };
  const { calls, result } = recordCalls(engine, (recorder) =>
    withStandIns(network, recorder, () => speak((part) => recorder.name(part))),
  );
  const inputs = names.map((m, j) => [m, keyTensor(made[j] as EncoderInput)]);
  return { calls, inputs: Object.fromEntries(inputs) as Record<M, Tensor>, said: result };
}

/** The weights of the modalities that are there at their places among all, zeros between: [n, modalities]. */
function inPlace(weights: Tensor, names: readonly string[], shown: readonly string[]): Tensor {
  const none = weights.engine.tensor(0, [weights.shape[0] as number, 1]);
  const columns = names.map((m) => {
    const j = shown.indexOf(m);
    return j < 0 ? none : slice(weights, 1, j, j + 1);
  });
  return concat(columns, 1);
}

/** Samples that no two traces share, so that what depends on them outside of the ops is seen. */
function makeInput(engine: Engine, name: string, spec: InputSpec, size: number): EncoderInput {
  const random = new Random(size, name);
  if (spec.kind === "dense") {
    const values = engine.tensor(0, [size, ...spec.shape]);
    values.set(Float32Array.from({ length: values.size }, () => random.float() + 1));
    return { kind: "dense", values };
  }
  const ids = Int32Array.from({ length: 2 * size }, () => random.int(spec.vocabulary));
  return {
    kind: "bag",
    ids: engine.tensor(ids, [ids.length], { dtype: "i32" }),
    offsets: engine.tensor(
      Array.from({ length: size }, (_, i) => 2 * i),
      [size],
      { dtype: "i32" },
    ),
  };
}
