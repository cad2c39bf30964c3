/**
 * Encoders that read sequences of different lengths. Their indices depend on the samples, which no trace of ops shows: while a
 * forward pass is traced they only say that they were called, and each has a graph of its own.
 */
import { resolveOptions } from "../../../config/options.ts";
import { definitionOf } from "../../../config/part.ts";
import type { AnyEncoderDefinition, Encoder, EncoderInput } from "../../../encoders/encoder.ts";
import { Random } from "../../../random.ts";
import type { Network } from "../../../train/network.ts";
import type { OpCall, Translate } from "../lower.ts";
import type { Recorder } from "../record.ts";
import { gruGraph } from "./gru.ts";
import type { SequenceEncoder } from "./padded.ts";
import { textCnnGraph } from "./text-cnn.ts";
import { transformerGraph } from "./transformer.ts";

/** By the name of the encoder: its features [n, dim] as a value of the graph. */
const GRAPHS: Readonly<Record<string, (encoder: SequenceEncoder) => string>> = {
  gru: gruGraph,
  "text-cnn": textCnnGraph,
  transformer: transformerGraph,
};

/** What stands for an encoder's input in a trace. */
export function keyTensor(input: EncoderInput) {
  return input.kind === "dense" ? input.values : input.ids;
}

/** Runs `body` while encoders of sequences give made-up features, and are recorded as calls of {@link sequenceGraphs}. */
export function withStandIns<M extends string, T>(
  network: Network<M>,
  recorder: Recorder,
  body: () => T,
): T {
  const { engine, spec } = network;
  const undo: (() => void)[] = [];
  for (const [call, { encoder }] of sequencesOf(network)) {
    const own = encoder as { forward: Encoder["forward"] };
    const { forward } = own;
    undo.push(() => {
      own.forward = forward;
    });
    own.forward = (input) => {
      const size = input.kind === "dense" ? (input.values.shape[0] as number) : input.offsets.size;
      const random = new Random(size, call);
      const values = Float32Array.from({ length: size * spec.dim }, () => random.float());
      const features = engine.tensor(values, [size, spec.dim]);
      recorder.add(call, [keyTensor(input).pointer], features.pointer);
      return features;
    };
  }
  try {
    return body();
  } finally {
    for (const one of undo) one();
  }
}

/** How those calls become nodes. */
export function sequenceGraphs<M extends string>(
  network: Network<M>,
): Readonly<Record<string, Translate>> {
  const { spec } = network;
  const entries = sequencesOf(network).map(([name, { modality, encoder }]) => {
    const config = spec.encoders[modality];
    const { options } = definitionOf<AnyEncoderDefinition>("encoder", config);
    const full = encoder.parameters.entries();
    const parameters = new Map(
      encoder.parameters
        .local()
        .map(([local, tensor], i) => [local, { name: full[i]?.[0] ?? local, tensor }]),
    );
    const graphOf = GRAPHS[config.name] as (encoder: SequenceEncoder) => string;
    return [
      name,
      (call: OpCall) =>
        graphOf({
          graph: call.graph,
          x: call.x(0),
          input: spec.inputs[modality],
          options: resolveOptions(config.name, options, config.options),
          parameters,
        }),
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** The network's encoders that have a graph of their own, by what their calls are named. */
function sequencesOf<M extends string>(network: Network<M>) {
  return network
    .everyEncoder()
    .map((entry, i) => [`encoder ${i}`, entry] as const)
    .filter(([, { modality }]) => Object.hasOwn(GRAPHS, network.spec.encoders[modality].name));
}
