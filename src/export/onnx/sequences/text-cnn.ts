import { ELEMENTS } from "../graph.ts";
import {
  countOf,
  cut,
  linear,
  readSequence,
  type SequenceEncoder,
  unsqueeze,
  weight,
} from "./padded.ts";

/** The encoder `text-cnn`: responses of windows that lie in the text, the greatest of each filter. */
export function textCnnGraph(encoder: SequenceEncoder): string {
  const { graph, options } = encoder;
  const widths = options.widths as readonly number[];
  const widest = Math.max(...widths);
  const { rows, valid } = readSequence(encoder, "words", widest);
  const words = graph.node("Mul", [rows, unsqueeze(graph, valid, 2)]);
  const channelsFirst = graph.transpose(words, [0, 2, 1]);
  const count = countOf(graph, valid);
  const any = graph.node("Greater", [count, graph.number(0)]);
  const positions = Math.max(options.maxLength as number, widest);
  const starts = graph.floats(
    Float32Array.from({ length: positions }, (_, i) => i),
    [positions],
  );
  const responses = widths.map((taps) => {
    const scope = `filters${taps}`;
    const filters = graph.transpose(weight(encoder, `${scope}.weight`), [2, 1, 0]);
    const all = graph.node("Relu", [
      graph.node("Conv", [channelsFirst, filters, weight(encoder, `${scope}.bias`)]),
    ]);
    // A text shorter than the filter is its only window.
    const last = graph.node("Max", [
      graph.node("Sub", [count, graph.number(taps)]),
      graph.number(0),
    ]);
    const here = cut(graph, starts, 0, 0, graph.node("Shape", [all], { start: 2, end: 3 }));
    const inside = graph.node("And", [any, graph.node("LessOrEqual", [here, last])]);
    const whole = unsqueeze(graph, graph.node("Cast", [inside], { to: ELEMENTS.float }), 1);
    const kept = graph.node("Mul", [all, whole]);
    return graph.node("ReduceMax", [kept, graph.ints([2])], { keepdims: 0 });
  });
  return linear(encoder, "out", graph.node("Concat", responses, { axis: 1 }));
}
