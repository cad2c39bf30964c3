import type { ChannelNorm } from "../../data/normalise.ts";
import type { InputSpec } from "../../encoders/encoder.ts";
import { OptionError } from "../../engine/errors.ts";
import type { Tensor } from "../../engine/tensor.ts";
import type { Model } from "../../train/model.ts";
import type { FusedTensors } from "./fusion-rules.ts";
import { ELEMENTS, GraphBuilder } from "./graph.ts";
import { Lowering } from "./lower.ts";
import { OPS } from "./ops.ts";
import { sequenceGraphs } from "./sequences/index.ts";
import { type Trace, traceModel } from "./trace.ts";

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
 * Inputs per modality m: `m`, float32 [batch, ...shape] (uint8 where bytes were normalised), or int64 [batch, tokens]
 * for token lists, padded with -1 at the end; and `m.present`, bool [batch]: where it is false the values are not looked at (but must be there). Outputs: `probabilities` and
 * `logits`, float32 [batch, classes], and `weights`, float32 [batch, modalities], if the fusion rule has them. A sample
 * without any modality gives NaN. The file's metadata have the classes, modalities and words as JSON.
 *
 * The ops of a forward pass are traced, so every encoder and method is exported that decides by tensors alone what it
 * computes. The library's encoders of sequences have graphs of their own; one that a user wrote is refused if it reads
 * values or lengths outside of the ops.
 *
 * @throws {OptionError} if the model cannot be a graph, or has more than 8 modalities
 * @throws {DataError} if neither method nor fusion rule combines the modalities
 */
export function exportOnnx<M extends string>(model: Model<M>): Uint8Array<ArrayBuffer> {
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
      lowering.run({ ...OPS, ...sequenceGraphs(network) }, first.calls, second.calls);
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
