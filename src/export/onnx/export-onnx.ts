import type { ChannelNorm } from "../../data/normalise.ts";
import type { EncoderInput, InputSpec } from "../../encoders/encoder.ts";
import type { Engine } from "../../engine/engine.ts";
import { DataError, OptionError } from "../../engine/errors.ts";
import type { Tensor } from "../../engine/tensor.ts";
import type { Features } from "../../methods/method.ts";
import { EVALUATION } from "../../nn/layers.ts";
import { concat, slice } from "../../ops/index.ts";
import { Random } from "../../random.ts";
import type { Model } from "../../train/model.ts";
import { type FusedTensors, fuseTensors } from "./fusion-rules.ts";
import { ELEMENTS, GraphBuilder } from "./graph.ts";
import { Lowering } from "./lower.ts";
import { OPS } from "./ops.ts";
import { recordCalls } from "./record.ts";

/** Sizes of the two batches that are traced: lengths that differ between them are the batch's. */
const SIZES = [3, 5] as const;
/** Every set of modalities has nodes of its own. */
const MOST_MODALITIES = 8;
const FORMAT = "altermodal-onnx-1";
const BATCH = "batch";

/**
 * A model as one ONNX file (opset 18), with what becomes of its inputs before and behind the network: picture bytes are
 * normalised, modalities fused, missing ones left out as the model does it.
 *
 * Inputs per modality m: `m`, float32 [batch, ...shape] (uint8 where bytes were normalised), or int64 [batch, tokens] padded with -1 for token lists; and
 * `m.present`, bool [batch]: where it is false the values are not looked at (but must be there). Outputs: `probabilities` and
 * `logits`, float32 [batch, classes], and `weights`, float32 [batch, modalities], if the fusion rule has them. A sample
 * without any modality gives NaN. The file's metadata have the classes, modalities and words as JSON.
 *
 * The ops of a forward pass are traced, so every encoder and method is exported that decides by tensors alone what it
 * computes; those that read sequences of different lengths do not.
 *
 * @throws {OptionError} if the model cannot be a graph, or has more than 8 modalities
 * @throws {DataError} if neither method nor fusion rule combines the modalities
 */
export function exportOnnx<M extends string>(model: Model<M>): Uint8Array {
  const { engine, network, spec } = model;
  const names = network.modalities;
  if (names.length > MOST_MODALITIES) {
    throw new OptionError(
      `onnx: Cannot export so many modalities: expected at most ${MOST_MODALITIES}, got ${names.length}`,
    );
  }
  const graph = new GraphBuilder();
  const encoded = names.map((m) => addInput(graph, m, spec.inputs[m], spec.norms?.[m]));
  const present = names.map((m) => graph.input(`${m}.present`, "bool", [BATCH]));
  const parameters = network.parameters
    .entries()
    .map(([name, { pointer }]) => [pointer, name] as const);
  engine.scope(() =>
    engine.noGrad(() => {
      const [first, second] = SIZES.map((size) => traceModel(model, size)) as [Trace<M>, Trace<M>];
      const lowering = new Lowering(
        graph,
        engine,
        SIZES,
        new Map(parameters),
        present[0] as string,
      );
      names.forEach((m, j) => {
        lowering.bind(first.inputs[m].pointer, encoded[j] as string);
      });
      lowering.run(OPS, first.calls, second.calls);
      const chosen = (of: (fused: FusedTensors) => Tensor, width: number) => {
        const rest = graph.floats(new Float32Array(width).fill(Number.NaN), [1, width]);
        return first.said.reduce((otherwise, fused, i) => {
          const pair = [of(fused), of(second.said[i] as FusedTensors)] as const;
          const value = lowering.value([pair[0].pointer, pair[1].pointer], OUTPUT);
          const asked = graph.node("Unsqueeze", [
            isExactly(graph, present, i + 1),
            graph.ints([1]),
          ]);
          return graph.node("Where", [asked, value, otherwise]);
        }, rest);
      };
      const classes = spec.classes.length;
      const logits = chosen((fused) => fused.logits, classes);
      graph.output("logits", logits, "float", [BATCH, classes]);
      graph.output("probabilities", graph.node("Softmax", [logits], { axis: -1 }), "float", [
        BATCH,
        classes,
      ]);
      if (first.said.every(({ weights }) => weights !== null)) {
        const weights = chosen((fused) => fused.weights as Tensor, names.length);
        graph.output("weights", weights, "float", [BATCH, names.length]);
      }
    }),
  );
  const { classes, inputs, words } = spec;
  return graph.finish("altermodal", {
    format: FORMAT,
    classes: JSON.stringify(classes),
    modalities: JSON.stringify(names),
    inputs: JSON.stringify(inputs),
    words: JSON.stringify(words),
  });
}

/** Stands for the reading of an output. */
const OUTPUT = { name: "output", args: [], result: 0, part: "the output" };

interface Trace<M extends string> {
  readonly calls: ReturnType<typeof recordCalls>["calls"];
  /** The tensor that stands for each modality's input. */
  readonly inputs: Readonly<Record<M, Tensor>>;
  /** What is said of each set of modalities but the empty one: bit j of the position + 1 is modality j. */
  readonly said: readonly FusedTensors[];
}

/** A forward pass over made-up samples for every set of modalities. */
function traceModel<M extends string>(model: Model<M>, size: number): Trace<M> {
  const { engine, fusion, network, spec } = model;
  const names = network.modalities;
  const made = names.map((m) => makeInput(engine, m, spec.inputs[m], size));
  const { calls, result } = recordCalls(engine, (name) => {
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
  });
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

/** [batch]: whether a sample has the modalities of the set and no others. */
function isExactly(graph: GraphBuilder, present: readonly string[], set: number): string {
  return present
    .map((value, j) => (((set >> j) & 1) === 1 ? value : graph.node("Not", [value])))
    .reduce((all, one) => graph.node("And", [all, one]));
}

/** The values that the encoder takes. */
function addInput(graph: GraphBuilder, name: string, spec: InputSpec, norm?: ChannelNorm): string {
  if (spec.kind === "bag") return graph.input(name, "int64", [BATCH, `${name}.tokens`]);
  const shape = [BATCH, ...spec.shape];
  if (norm === undefined) return graph.input(name, "float", shape);
  const channels = (values: readonly number[]) =>
    graph.floats(Float32Array.from(values), [values.length]);
  const bytes = graph.node("Cast", [graph.input(name, "uint8", shape)], { to: ELEMENTS.float });
  const scaled = graph.node("Div", [bytes, channels([255])]);
  const centred = graph.node("Sub", [scaled, channels(norm.mean)]);
  return graph.node("Div", [centred, channels(norm.deviation)]);
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

/** What stands for the input in a trace. */
function keyTensor(input: EncoderInput): Tensor {
  return input.kind === "dense" ? input.values : input.ids;
}
