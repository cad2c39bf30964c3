import { choice, flag, integer, number } from "../config/options.ts";
import type { Tensor } from "../engine/tensor.ts";
import { dropoutLayer, linearLayer, type PlainLayer } from "../nn/layers.ts";
import { lecun, type Parameters } from "../nn/parameters.ts";
import { concat, gruCell, linear, slice } from "../ops/index.ts";
import { defineEncoder } from "./encoder.ts";
import { meanOfRows, SEQUENCE_OPTIONS, type Spans, sequenceReader } from "./sequence.ts";

/** A gated recurrent unit over tokens or frames. Source: Cho et al. 2014, in the form of PyTorch and cuDNN. */
export const gru = defineEncoder({
  name: "gru",
  title: "gated recurrent unit over tokens or frames, then a linear layer",
  input: ["dense", "bag"],
  typical: { kind: "bag", vocabulary: 10000 },
  options: {
    hidden: integer(128, "length of the state", { min: 1 }),
    width: integer(64, "of token lists: length of a word vector", { min: 1 }),
    bidirectional: flag(false, "a second unit reads from the end"),
    state: choice(["last", "mean"], "last", "what is kept: the last state, or the mean of all"),
    ...SEQUENCE_OPTIONS,
    dropout: number(0, "share of the kept state dropped in training", { min: 0, max: 0.95 }),
  },
  build({ input, dim, options, parameters }) {
    const { hidden, state } = options;
    const reader = sequenceReader("gru", input, parameters, options);
    const names = options.bidirectional ? ["forward", "backward"] : ["forward"];
    const units = names.map((name) => gates(parameters.scope(name), reader.width, hidden));
    const drop = dropoutLayer(options.dropout, "dropout");
    const last = linearLayer(parameters.scope("out"), hidden * units.length, dim);
    return {
      flops: units.reduce((sum, unit) => sum + reader.longest * unit.flops, last.flops),
      forward(batch, mode) {
        const spans = reader.spans(batch);
        const kept = units.map((unit, i) => {
          const walk = walkOf(spans, i === 1);
          const { places, rowsOf } = walk;
          const { engine } = unit.stateWeight;
          if (places.length === 0) return engine.tensor(0, [spans.lengths.length, hidden]);
          const states = unit.run(reader.read(batch, places), walk.counts);
          const rows = state === "mean" ? rowsOf : rowsOf.map((own) => own.slice(-1));
          return meanOfRows(states, rows);
        });
        return last.forward(drop.forward(concat(kept, 1), mode));
      },
    };
  },
});

interface Unit {
  readonly stateWeight: Tensor;
  /** Per element of a sequence. */
  readonly flops: number;
  /**
   * All states, in the order of x.
   *
   * @param x - [elements, width], step by step; the sequences of a step are the first of the step before
   * @param counts - sequences that go on at each step
   */
  run(x: Tensor, counts: readonly number[]): Tensor;
}

/** Weights of the gates r, z and of the candidate, one under the other, as PyTorch has them. */
function gates(parameters: Parameters, width: number, hidden: number): Unit {
  const init = lecun(hidden);
  const make = (name: string, inputs: number): { weight: Tensor; layer: PlainLayer } => {
    const scope = parameters.scope(name);
    const weight = scope.weight("weight", [3 * hidden, inputs], init);
    const bias = scope.weight("bias", [3 * hidden], { value: 0 });
    const flops = 2 * 3 * hidden * inputs;
    return { weight, layer: { forward: (x) => linear(x, weight, { bias }), flops } };
  };
  const { layer: ofInput } = make("input", width);
  const { layer: ofState, weight: stateWeight } = make("state", hidden);
  return {
    stateWeight,
    flops: ofInput.flops + ofState.flops,
    run(x, counts) {
      const inputs = ofInput.forward(x);
      let h = x.engine.tensor(0, [counts[0] ?? 0, hidden]);
      let start = 0;
      const states = counts.map((count) => {
        const own = slice(inputs, 0, start, start + count);
        const before = count < (h.shape[0] as number) ? slice(h, 0, 0, count) : h;
        h = gruCell(own, ofState.forward(before), before);
        start += count;
        return h;
      });
      return concat(states, 0);
    },
  };
}

interface Walk {
  /** Place in the input of each element, step by step, the longest sequences first. */
  readonly places: Int32Array;
  /** Sequences that go on at each step. */
  readonly counts: readonly number[];
  /** For each sequence the positions of its elements in `places`, in the order in which they are read. */
  readonly rowsOf: readonly (readonly number[])[];
}

/** The order in which a recurrent unit reads sequences of different lengths. */
function walkOf({ starts, lengths }: Spans, fromEnd: boolean): Walk {
  const order = Array.from(lengths.keys()).sort(
    (a, b) => (lengths[b] as number) - (lengths[a] as number) || a - b,
  );
  const places = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
  const rowsOf = Array.from(lengths, (): number[] => []);
  const counts: number[] = [];
  let next = 0;
  for (let step = 0; next < places.length; step++) {
    const first = next;
    for (const i of order) {
      const length = lengths[i] as number;
      if (length <= step) break;
      places[next] = (starts[i] as number) + (fromEnd ? length - 1 - step : step);
      (rowsOf[i] as number[]).push(next++);
    }
    counts.push(next - first);
  }
  return { places, counts, rowsOf };
}
