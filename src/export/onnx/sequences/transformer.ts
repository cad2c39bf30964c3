import { Float, type GraphBuilder } from "../graph.ts";
import { gelu } from "../ops.ts";
import {
  allOf,
  cut,
  linear,
  meanOf,
  type Padded,
  parameter,
  readSequence,
  type SequenceEncoder,
  unsqueeze,
  weight,
} from "./padded.ts";

/** Added to the scores of padding: e^x of it is 0, and a sample without tokens stays finite. */
const HIDDEN = -1e9;

/** The encoder `transformer` over tokens, frames or patches. */
export function transformerGraph(encoder: SequenceEncoder): string {
  const { graph, options } = encoder;
  const post = options.norm === "post";
  const read = readTokens(encoder);
  const { rows, valid } = options.pool === "cls" ? prepend(encoder, read) : read;
  const length = graph.node("Shape", [rows], { start: 1, end: 2 });
  const positions = cut(graph, weight(encoder, "embed.positions"), 0, 0, length);
  let x = graph.node("Add", [rows, positions]);
  if (post) x = layerNorm(encoder, "embed.norm", x);
  for (let i = 0; i < (options.depth as number); i++) x = block(encoder, `block${i}`, x, valid);
  if (!post) x = layerNorm(encoder, "norm", x);
  const kept =
    options.pool === "mean" ? meanOf(graph, { rows: x, valid }) : first(graph, { rows: x, valid });
  return options.out === "none" ? kept : linear(encoder, "out", kept);
}

function readTokens(encoder: SequenceEncoder): Padded {
  const { input } = encoder;
  if (input.kind === "bag") return readSequence(encoder, "embed.words");
  if (input.shape.length > 2) return readPatches(encoder);
  const { rows, valid } = readSequence(encoder, "embed.words");
  return { rows: linear(encoder, "embed.frame", rows), valid };
}

/** A convolution whose stride is its size. */
function readPatches(encoder: SequenceEncoder): Padded {
  const { graph, input, x } = encoder;
  const { tensor } = parameter(encoder, "embed.patch.weight");
  const [height = 0, across = 0, , width = 0] = tensor.shape;
  const picture = input.kind === "dense" ? input.shape.slice(-3) : [];
  const pictures = graph.node("Reshape", [x, graph.ints([-1, ...picture])]);
  const patches = graph.node(
    "Conv",
    [
      graph.transpose(pictures, [0, 3, 1, 2]),
      graph.transpose(weight(encoder, "embed.patch.weight"), [3, 2, 0, 1]),
      weight(encoder, "embed.patch.bias"),
    ],
    { strides: [height, across] },
  );
  const [count = 0] = parameter(encoder, "embed.positions").tensor.shape;
  const own = count - (encoder.options.pool === "cls" ? 1 : 0);
  const rows = graph.node("Reshape", [
    graph.transpose(patches, [0, 2, 3, 1]),
    graph.ints([-1, own, width]),
  ]);
  return { rows, valid: allOf(graph, x, own) };
}

/** A learned row before those of each sample. */
function prepend(encoder: SequenceEncoder, { rows, valid }: Padded): Padded {
  const { graph, x } = encoder;
  const batch = graph.node("Shape", [x], { start: 0, end: 1 });
  const shape = graph.node("Concat", [batch, graph.ints([1, 1])], { axis: 0 });
  const cls = graph.node("Expand", [weight(encoder, "embed.cls"), shape]);
  return {
    rows: graph.node("Concat", [cls, rows], { axis: 1 }),
    valid: graph.node("Concat", [allOf(graph, x, 1), valid], { axis: 1 }),
  };
}

/** Attention, then two linear layers, each added to what goes in. */
function block(encoder: SequenceEncoder, scope: string, x: string, valid: string): string {
  const { graph, options } = encoder;
  const feed = (z: string) =>
    linear(encoder, `${scope}.down`, gelu(graph, linear(encoder, `${scope}.up`, z)));
  const halves = [(z: string) => attention(encoder, `${scope}.attention`, z, valid), feed];
  return halves.reduce((y, half, i) => {
    const norm = (z: string) => layerNorm(encoder, `${scope}.norm${i + 1}`, z);
    if (options.norm === "post") return norm(graph.node("Add", [y, half(y)]));
    return graph.node("Add", [y, half(norm(y))]);
  }, x);
}

function attention(encoder: SequenceEncoder, scope: string, x: string, valid: string): string {
  const { graph, options } = encoder;
  const [width, heads] = [options.width as number, options.heads as number];
  // A length of 0 stays what it was.
  const apart = graph.ints([0, 0, heads, width / heads]);
  const split = (name: string, perm: readonly number[]) =>
    graph.transpose(graph.node("Reshape", [linear(encoder, `${scope}.${name}`, x), apart]), perm);
  const query = split("query", [0, 2, 1, 3]);
  const scaled = graph.node("Mul", [query, graph.number(1 / Math.sqrt(width / heads))]);
  const scores = graph.node("MatMul", [scaled, split("key", [0, 2, 3, 1])]);
  const hidden = graph.node("Mul", [
    graph.node("Sub", [graph.number(1), valid]),
    graph.number(HIDDEN),
  ]);
  const masked = graph.node("Add", [scores, unsqueeze(graph, hidden, 1, 2)]);
  const weights = graph.node("Softmax", [masked], { axis: -1 });
  const mixed = graph.node("MatMul", [weights, split("value", [0, 2, 1, 3])]);
  const together = graph.transpose(mixed, [0, 2, 1, 3]);
  return linear(
    encoder,
    `${scope}.out`,
    graph.node("Reshape", [together, graph.ints([0, 0, width])]),
  );
}

function layerNorm(encoder: SequenceEncoder, scope: string, x: string): string {
  return encoder.graph.node(
    "LayerNormalization",
    [x, weight(encoder, `${scope}.weight`), weight(encoder, `${scope}.bias`)],
    { axis: -1, epsilon: new Float(encoder.options.epsilon as number) },
  );
}

/** The first element, zeros where there is none. */
function first(graph: GraphBuilder, { rows, valid }: Padded): string {
  const at = graph.ints([0], []);
  const row = graph.node("Gather", [rows, at], { axis: 1 });
  return graph.node("Mul", [row, cut(graph, valid, 1, 0, 1)]);
}
