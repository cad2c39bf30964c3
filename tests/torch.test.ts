import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../src/engine/tensor.ts";
import * as ops from "../src/ops/index.ts";
import { ENGINES } from "./support/engines.ts";

/** Values and gradients of PyTorch, made by fixtures/make-torch.py. */
interface Values {
  shape: number[];
  data: number[];
}
interface Case {
  inputs: Record<string, Values>;
  out: Values;
  grads: Record<string, Values>;
}

type Tensors<N extends string> = Record<N, Tensor>;

const FIXTURE = JSON.parse(
  readFileSync(new URL("fixtures/torch.json", import.meta.url), "utf8"),
) as {
  linear: Case;
  conv2d: (Case & {
    options: { stride: ops.Pair; padding: ops.Pair; dilation: ops.Pair; groups: number };
  })[];
  batchNorm: Record<
    "training" | "evaluation",
    Case & { before: Record<string, Values>; after: Record<string, Values> }
  >;
  layerNorm: Case;
  crossEntropy: (Case & {
    labels: Values;
    classWeights?: Values;
    options: { labelSmoothing: number; reduction: ops.Reduction };
  })[];
  gelu: Case;
  attention: (Case & { heads: number })[];
  interpolate: (Case & { mode: "bilinear" | "nearest"; size: [number, number] })[];
  embeddingBag: (Case & { ids: Values; offsets: Values; mode: ops.BagMode })[];
};

const engine = ENGINES.simd;

function tensor({ data, shape }: Values, dtype: "f32" | "i32" = "f32"): Tensor {
  return engine.tensor(data, shape, { dtype });
}

/** Holds an op's value and the gradients of all inputs against the fixture's. */
function check<N extends string>(fixture: Case, run: (inputs: Tensors<N>) => Tensor): void {
  const inputs: Record<string, Tensor> = {};
  for (const [name, { data, shape }] of Object.entries(fixture.inputs)) {
    inputs[name] = engine.tensor(data, shape, { requiresGrad: true });
  }
  const out = run(inputs as Tensors<N>);
  expect(out.shape).toEqual(fixture.out.shape);
  expectClose("out", out.toArray(), fixture.out.data);
  const seed = Array.from({ length: out.size }, (_, i) => (i % 7) / 4 - 0.75);
  engine.backward(out, engine.tensor(seed, out.shape));
  for (const [name, { data }] of Object.entries(fixture.grads)) {
    expectClose(`d${name}`, engine.gradient(inputs[name] as Tensor) ?? [], data);
  }
}

/** f32 sums of a few dozen terms against float64. */
function expectClose(what: string, got: ArrayLike<number>, want: readonly number[]): void {
  expect(got.length, what).toBe(want.length);
  want.forEach((value, i) => {
    const error = Math.abs((got[i] as number) - value) / Math.max(1, Math.abs(value));
    expect(error, `${what}[${i}]: expected ${value}, got ${got[i]}`).toBeLessThan(5e-6);
  });
}

describe("PyTorch's values and gradients", () => {
  it("linear with bias and relu", () => {
    engine.scope(() =>
      check(FIXTURE.linear, ({ x, weight, bias }: Tensors<"x" | "weight" | "bias">) =>
        ops.linear(x, weight, { bias, activation: "relu" }),
      ),
    );
  });

  for (const fixture of FIXTURE.conv2d) {
    it(`conv2d ${JSON.stringify(fixture.options)}`, () => {
      engine.scope(() =>
        check(fixture, ({ x, weight, bias }: Tensors<"x" | "weight" | "bias">) =>
          ops.conv2d(x, weight, { bias, ...fixture.options }),
        ),
      );
    });
  }

  for (const mode of ["training", "evaluation"] as const) {
    it(`batch norm in ${mode}, and its running statistics`, () => {
      engine.scope(() => {
        const fixture = FIXTURE.batchNorm[mode];
        const { runningMean, runningVar } = fixture.before as Record<
          "runningMean" | "runningVar",
          Values
        >;
        const running = { runningMean: tensor(runningMean), runningVar: tensor(runningVar) };
        check(fixture, ({ x, gamma, beta }: Tensors<"x" | "gamma" | "beta">) => {
          const options = { training: mode === "training", momentum: 0.25, eps: 1e-3 };
          return ops.batchNorm(x, { gamma, beta, ...running }, options);
        });
        for (const [name, moved] of Object.entries(running)) {
          expectClose(name, moved.toArray(), fixture.after[name]?.data ?? []);
        }
      });
    });
  }

  it("layer norm", () => {
    engine.scope(() =>
      check(FIXTURE.layerNorm, ({ x, gamma, beta }: Tensors<"x" | "gamma" | "beta">) =>
        ops.layerNorm(x, gamma, beta, 1e-3),
      ),
    );
  });

  for (const fixture of FIXTURE.crossEntropy) {
    const { labels, classWeights, options } = fixture;
    const weighted = classWeights === undefined ? "" : ", class weights";
    it(`cross entropy, ${options.reduction}, smoothing ${options.labelSmoothing}${weighted}`, () => {
      engine.scope(() =>
        check(fixture, ({ logits }: Tensors<"logits">) =>
          ops.crossEntropy(logits, tensor(labels, "i32"), {
            classWeights: classWeights && tensor(classWeights),
            ...options,
          }),
        ),
      );
    });
  }

  it("gelu", () => {
    engine.scope(() => check(FIXTURE.gelu, ({ x }: Tensors<"x">) => ops.gelu(x)));
  });

  for (const fixture of FIXTURE.interpolate) {
    const { mode, size } = fixture;
    it(`interpolate to ${size.join(" x ")}, ${mode}`, () => {
      engine.scope(() => {
        check<"x">(fixture, ({ x }) => ops.interpolate(x, size, { mode }));
      });
    });
  }

  for (const fixture of FIXTURE.attention) {
    const { heads } = fixture;
    it(`causal attention, ${heads} heads`, () => {
      engine.scope(() =>
        check(fixture, ({ q, k, v }: Tensors<"q" | "k" | "v">) =>
          ops.scaledDotProductAttention(q, k, v, { heads, causal: true }),
        ),
      );
    });
  }

  for (const fixture of FIXTURE.embeddingBag) {
    it(`embedding bag, ${fixture.mode}`, () => {
      engine.scope(() =>
        check(fixture, ({ table }: Tensors<"table">) =>
          ops.embeddingBag(
            table,
            tensor(fixture.ids, "i32"),
            tensor(fixture.offsets, "i32"),
            fixture.mode,
          ),
        ),
      );
    });
  }
});
