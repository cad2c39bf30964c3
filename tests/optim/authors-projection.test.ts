import { expect, it } from "vitest";
import { HeadProjection, Sgd } from "../../src/optim/index.ts";
import { Random } from "../../src/random.ts";
import { ENGINES } from "../support/engines.ts";
import { parameter, setGradient } from "../support/parameters.ts";

const { simd: ENGINE } = ENGINES;

/** The description of the authors' code, step by step on plain arrays. */
function reference(
  d: number,
  steps: readonly { r: number[]; gradient: number[][] }[],
  alpha: number,
) {
  let p = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => Number(i === j)));
  return steps.map(({ r, gradient }, n) => {
    if (n > 0) {
      const k = p.map((row) => row.reduce((sum, x, j) => sum + x * (r[j] as number), 0));
      p = p.map((row, i) =>
        row.map((x, j) => {
          const [ki, kj, rj] = [k[i] as number, k[j] as number, r[j] as number];
          return x - (ki * kj) / (alpha + ki * rj);
        }),
      );
      const norm = Math.sqrt(p.flat().reduce((sum, x) => sum + x * x, 0));
      p = p.map((row) => row.map((x) => x / norm));
    }
    return gradient.map((row) =>
      p.map((line) => line.reduce((sum, x, j) => sum + x * (row[j] as number), 0)),
    );
  });
}

it.each(["free", "projected"] as const)("computes what the authors' code does, bias %s", (bias) => {
  const [classes, width, alpha] = [3, 5, 0.1];
  const d = bias === "free" ? width - 1 : width;
  const random = new Random(8);
  const positive = (n: number) => Array.from({ length: n }, () => Math.fround(random.float()));
  const steps = Array.from({ length: 4 }, () => ({
    r: positive(width),
    gradient: Array.from({ length: classes }, () => positive(width)),
  }));
  const want = reference(
    d,
    steps.map(({ r, gradient }) => ({
      r: r.slice(0, d),
      gradient: gradient.map((row) => row.slice(0, d)),
    })),
    alpha,
  );
  const head = parameter(ENGINE, new Float32Array(classes * width), undefined, [classes, width]);
  const optimizer = new Sgd([head], { rate: 0, momentum: 0, weightDecay: 0 });
  const projection = new HeadProjection(head, {
    variant: "authors-code",
    project: "gradient",
    alpha,
    bias,
  });
  steps.forEach(({ r, gradient }, n) => {
    if (n === 2) projection.load(structuredClone(projection.state()));
    setGradient(head, gradient.flat());
    ENGINE.scope(() => projection.step(optimizer, "audio", ENGINE.tensor(r, [1, width])));
    const got = ENGINE.gradient(head) as Float32Array;
    gradient.forEach((row, c) => {
      row.forEach((own, j) => {
        const value = j < d ? (want[n]?.[c]?.[j] as number) : own;
        expect(got[c * width + j]).toBeCloseTo(value, 5);
      });
    });
  });
  expect(() => projection.load({})).toThrow('projection: Cannot load "authors": expected');
});
