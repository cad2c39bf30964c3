import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { HeadProjection, type HeadProjectionOptions } from "../../src/optim/index.ts";
import { arbitraryAlpha, arbitraryVector } from "../support/arbitraries.ts";
import { ENGINES } from "../support/engines.ts";
import {
  information,
  inverse,
  largestDifference,
  matrix,
  multiply,
  norm,
} from "../support/matrix.ts";
import { parameter } from "../support/parameters.ts";

const MODALITIES = ["audio", "image", "text"] as const;
const RUNS = { seed: 21, numRuns: 80 };

/** One step: two samples of one modality, at the start of an epoch or not. */
interface Event {
  readonly modality: string;
  readonly features: number[];
  readonly startsEpoch: boolean;
}
interface Story {
  readonly d: number;
  readonly events: readonly Event[];
  readonly u: number[];
  readonly alpha: number;
}
/** Heads of d classes and width d, so that a transposed side would show. */
const arbitraryStory: fc.Arbitrary<Story> = fc.integer({ min: 2, max: 7 }).chain((d) =>
  fc.record({
    d: fc.constant(d),
    events: fc.array(
      fc.record({
        modality: fc.constantFrom(...MODALITIES),
        features: arbitraryVector(2 * d),
        startsEpoch: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    u: arbitraryVector(d * d),
    alpha: arbitraryAlpha,
  }),
);

function makeHead({ d, u }: Story, engine: Engine) {
  return parameter(engine, u, u, [d, d]);
}

function live(projection: HeadProjection, events: readonly Event[], engine: Engine, d: number) {
  for (const { modality, features, startsEpoch } of events) {
    projection.startBatch(startsEpoch ? 0 : 1, 2);
    engine.scope(() => projection.remember(modality, engine.tensor(features, [2, d])));
  }
}

/** What a story leaves of u for a step of `modality`. */
function projected(
  story: Story,
  options: Partial<HeadProjectionOptions>,
  modality: string,
  engine = ENGINES.simd,
): Float32Array {
  const head = makeHead(story, engine);
  const projection = new HeadProjection(head, { alpha: story.alpha, ...options });
  live(projection, story.events, engine, story.d);
  projection.project(modality);
  const out = (engine.gradient(head) as Float32Array).slice();
  projection.dispose();
  head.dispose();
  return out;
}

function meanOf({ features }: Event): number[] {
  const d = features.length / 2;
  return Array.from({ length: d }, (_, j) =>
    Math.fround(((features[j] as number) + (features[d + j] as number)) / 2),
  );
}

interface Weighted {
  readonly r: number[];
  readonly weight: number;
}

/** Each memory by its definition: the vectors that count for a step of `modality`, with their weights. */
const DEFINITIONS: Readonly<
  Record<HeadProjectionOptions["memory"], (story: Story, modality: string) => Weighted[]>
> = {
  others: ({ events, alpha }, modality) =>
    MODALITIES.filter((name) => name !== modality)
      .map((name) => events.findLast((event) => event.modality === name))
      .filter((event) => event !== undefined)
      .map((event) => ({ r: meanOf(event), weight: 1 / alpha })),
  previous: ({ events, alpha }) =>
    events.slice(-1).map((event) => ({ r: meanOf(event), weight: 1 / alpha })),
  all: ({ events, alpha }) => events.map((event) => ({ r: meanOf(event), weight: 1 / alpha })),
  epoch: ({ events, alpha }) =>
    events
      .slice(
        Math.max(
          0,
          events.findLastIndex(({ startsEpoch }) => startsEpoch),
        ),
      )
      .map((event) => ({ r: meanOf(event), weight: 1 / alpha })),
  decay: ({ events, alpha }) =>
    events.map((event, i) => ({
      r: meanOf(event),
      weight: 0.7 ** (events.length - 1 - i) / alpha,
    })),
};

/** In float32: of the products of a projection, and of the root of the information's condition. */
const TOLERANCES: Readonly<
  Record<HeadProjectionOptions["precision"], (d: number, condition: number) => number>
> = {
  float64: (d, condition) => 2e-7 + 1e-15 * d * condition,
  float32: (d, condition) => 2 ** -23 * d * Math.sqrt(condition),
};

const CASES = (["float64", "float32"] as const).flatMap((precision) =>
  (["others", "previous", "epoch", "all", "decay"] as const)
    .filter((memory) => precision === "float64" || memory === "epoch" || memory === "all")
    .map((memory) => [memory, precision] as const),
);

describe.each(CASES)("memory %s in %s", (memory, precision) => {
  const definition = DEFINITIONS[memory];
  const options = { memory, precision, decay: 0.7 };

  it("gives u (I + sum of weight r r')^-1 over the vectors of its definition", () => {
    fc.assert(
      fc.property(arbitraryStory, fc.constantFrom(...MODALITIES), (story, modality) => {
        const { d, u } = story;
        const weighted = definition(story, modality);
        const condition = weighted.reduce((sum, { r, weight }) => sum + weight * norm(r) ** 2, 1);
        const want = multiply(matrix(d, d, u), inverse(information(d, weighted)));
        const tolerance = TOLERANCES[precision](d, condition) * (1 + norm(u));
        const got = projected(story, options, modality);
        expect(largestDifference(got, want.data)).toBeLessThan(tolerance);
      }),
      RUNS,
    );
  });

  it("gives the same bits in both builds, and after saving and loading", () => {
    fc.assert(
      fc.property(arbitraryStory, (story) => {
        const { simd, scalar } = ENGINES;
        const got = projected(story, options, "audio");
        expect(projected(story, options, "audio", scalar)).toEqual(got);
        const head = makeHead(story, simd);
        const all = { ...options, alpha: story.alpha };
        const [first, second] = [new HeadProjection(head, all), new HeadProjection(head, all)];
        live(first, story.events.slice(0, 3), simd, story.d);
        const entries = Object.entries(structuredClone(first.state())).reverse();
        second.load(Object.fromEntries(entries));
        live(second, story.events.slice(3), simd, story.d);
        second.project("audio");
        expect(simd.gradient(head)).toEqual(got);
      }),
      { ...RUNS, numRuns: 30 },
    );
  });

  it("measures the trace of P, and what the last projection kept", () => {
    fc.assert(
      fc.property(arbitraryStory, (story) => {
        const { d, u, events, alpha } = story;
        const head = makeHead(story, ENGINES.simd);
        const projection = new HeadProjection(head, { ...options, alpha });
        expect(projection.measure("text")).toEqual({
          trace: 1,
          kept: 1,
          cosine: 1,
          drift: { raw: 0, projected: 0 },
        });
        live(projection, events, ENGINES.simd, d);
        projection.project("text");
        const p = inverse(information(d, definition(story, "text")));
        let trace = 0;
        for (let i = 0; i < d; i++) trace += (p.data[i * (d + 1)] as number) / d;
        const { trace: gotTrace, kept } = projection.measure("text");
        expect(gotTrace).toBeCloseTo(trace, 4);
        const want = norm(u) === 0 ? 1 : norm(multiply(matrix(d, d, u), p).data) / norm(u);
        expect(kept).toBeCloseTo(want, 4);
        const projectedU = multiply(matrix(d, d, u), p).data;
        const inner = projectedU.reduce((sum, x, i) => sum + x * (u[i] as number), 0);
        const lengths = norm(u) * norm(projectedU);
        expect(projection.measure("text").cosine).toBeCloseTo(
          lengths < 1e-9 ? 1 : inner / lengths,
          3,
        );
        projection.forget();
        expect(projection.measure("text").trace).toBe(1);
      }),
      { ...RUNS, numRuns: 30 },
    );
  });

  it("gives its memory back", () => {
    const story = { d: 3, events: [], u: new Array(9).fill(1), alpha: 1 };
    const before = ENGINES.simd.memory().persistent;
    projected(story, options, "audio");
    expect(ENGINES.simd.memory().persistent).toBe(before);
  });

  it("refuses a state of another width", () => {
    const head = makeHead({ d: 3, events: [], u: new Array(9).fill(1), alpha: 1 }, ENGINES.simd);
    const projection = new HeadProjection(head, options);
    const state = {
      projector: new Float64Array(4),
      information: new Float64Array(4),
      factor: new Float32Array(4),
      "vectors/audio": new Float32Array(4),
    };
    expect(() => projection.load(state)).toThrow("projection: Cannot load");
  });
});

it("a free bias is not touched, and the rest is projected as if it had none", () => {
  fc.assert(
    fc.property(arbitraryStory, (story) => {
      const { d, u } = story;
      for (const memory of ["others", "all", "decay"] as const) {
        const got = projected(story, { bias: "free", memory, decay: 1 }, "audio");
        const weighted = DEFINITIONS[memory === "decay" ? "all" : memory](story, "audio").map(
          ({ r, weight }) => ({ r: [...r.slice(0, -1), 0], weight }),
        );
        const condition = weighted.reduce((sum, { r, weight }) => sum + weight * norm(r) ** 2, 1);
        const want = multiply(matrix(d, d, u), inverse(information(d, weighted)));
        const tolerance = (2e-7 + 1e-15 * d * condition) * (1 + norm(u));
        expect(largestDifference(got, want.data)).toBeLessThan(tolerance);
        for (let i = d - 1; i < u.length; i += d) expect(got[i]).toBe(u[i]);
      }
    }),
    RUNS,
  );
});

it("as many directions as samples remember every sample: P = (I + x' x / (n alpha))^-1", () => {
  fc.assert(
    fc.property(arbitraryStory, fc.constantFrom("projected", "free"), (story, bias) => {
      const { d, u, events } = story;
      const alpha = Math.max(story.alpha, 0.01); // the directions are kept in f32
      const seen = events.slice(-1).flatMap(({ features }) =>
        [features.slice(0, d), features.slice(d)].map((r) => ({
          r: bias === "free" ? [...r.slice(0, -1), 0] : r,
          weight: 1 / (2 * alpha),
        })),
      );
      const want = multiply(matrix(d, d, u), inverse(information(d, seen)));
      for (const memory of ["previous", "epoch"] as const) {
        const last = { ...story, alpha, events: events.slice(-1) };
        const got = projected(last, { rank: 2, memory, bias: bias as "free" }, "audio");
        expect(largestDifference(got, want.data)).toBeLessThan(1e-3 * (1 + norm(u)));
      }
    }),
    RUNS,
  );
});

it("follows the schedule of alpha within the epoch", () => {
  const story = { d: 2, events: [], u: [1, 0, 0, 1], alpha: 0.1 };
  const head = makeHead(story, ENGINES.simd);
  const projection = new HeadProjection(head, {
    alpha: 0.1,
    alphaSchedule: "within-epoch",
    memory: "previous",
  });
  projection.startBatch(1, 2);
  ENGINES.simd.scope(() => projection.remember("audio", ENGINES.simd.tensor([1, 0], [1, 2])));
  projection.project("image");
  const alpha = 0.1 ** 1.5;
  const [kept] = ENGINES.simd.gradient(head) as Float32Array;
  expect(kept).toBeCloseTo(alpha / (alpha + 1), 7);
});
