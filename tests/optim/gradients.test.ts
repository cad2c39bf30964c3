import { describe, expect, it } from "vitest";
import {
  addGradientNoise,
  clearGradients,
  Sgd,
  scaleGradients,
  takeGradients,
} from "../../src/optim/index.ts";
import { ENGINES } from "../support/engines.ts";
import { parameter } from "../support/parameters.ts";

const engine = ENGINES.simd;

describe("scaleGradients()", () => {
  it("multiplies what arrived and leaves the rest alone", () => {
    const [a, b] = [parameter(engine, [1, 2], [3, -4]), parameter(engine, [5, 6])];
    scaleGradients([a, b], 0.5);
    expect(engine.gradient(a)).toEqual(Float32Array.of(1.5, -2));
    expect(engine.gradient(b)).toBeUndefined();
    expect([...a.view()]).toEqual([1, 2]);
  });
});

describe("clearGradients()", () => {
  it("makes a parameter stand still, whatever momentum it has", () => {
    const [a, b] = [parameter(engine, [1], [1]), parameter(engine, [1], [1])];
    const optimizer = new Sgd([a, b], { rate: 0.5, momentum: 0.9, weightDecay: 0.1 });
    optimizer.step();
    const before = a.view()[0];
    clearGradients([a]);
    optimizer.step();
    expect(a.view()[0]).toBe(before);
    expect(b.view()[0]).not.toBe(before);
    optimizer.dispose();
  });
});

describe("takeGradients()", () => {
  it("copies what arrived and forgets it", () => {
    const [a, b] = [parameter(engine, [1, 2], [3, -4]), parameter(engine, [5])];
    clearGradients([b]);
    expect(takeGradients([a, b])).toEqual([Float32Array.of(3, -4), undefined]);
    expect(engine.gradient(a)).toBeUndefined();
  });
});

describe("addGradientNoise()", () => {
  const size = 4000;
  const gradient = Float32Array.from({ length: size }, (_, i) => 2 + (i % 2 === 0 ? 3 : -3));
  const noiseOf = (stream: string) => {
    const tensor = parameter(engine, new Float32Array(size), gradient);
    addGradientNoise([tensor], 7, stream);
    return (engine.gradient(tensor) as Float32Array).map((g, i) => g - (gradient[i] as number));
  };

  it("has mean 0 and the deviation of the gradient", () => {
    const noise = noiseOf("a");
    const mean = noise.reduce((sum, x) => sum + x, 0) / size;
    const deviation = Math.sqrt(noise.reduce((sum, x) => sum + (x - mean) ** 2, 0) / size);
    expect(Math.abs(mean)).toBeLessThan(0.15);
    expect(Math.abs(deviation / 3 - 1)).toBeLessThan(0.05);
  });

  it("depends on the seed and the stream alone", () => {
    expect(noiseOf("a")).toEqual(noiseOf("a"));
    expect(noiseOf("a")).not.toEqual(noiseOf("b"));
  });

  it("leaves a gradient of one element as it is", () => {
    const tensor = parameter(engine, [1], [3]);
    addGradientNoise([tensor], 7, "a");
    expect(engine.gradient(tensor)).toEqual(Float32Array.of(3));
  });
});
