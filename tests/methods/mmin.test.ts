import { describe, expect, it } from "vitest";
import { drawPatterns } from "../../src/methods/imagination.ts";
import { mmin } from "../../src/methods/index.ts";
import { Random } from "../../src/random.ts";
import {
  DIM,
  expectStepOf,
  LABELS,
  linear,
  meanCrossEntropy,
  meanOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const OPTIONS = { layers: [4, 3], blocks: 2, hidden: [5], imagination: 4, cycle: 2 };
const MODALITIES = ["a", "b", "c"];
const relu = (x: number[]) => x.map((v) => Math.max(v, 0));
const leaky = (x: number[]) => x.map((v) => (v > 0 ? v : 0.01 * v));

function stack(
  values: Values,
  name: string,
  x: number[],
  depth: number,
  activation = relu,
): number[] {
  let y = linear(values, `${name}.0`, x);
  for (let i = 1; i < depth; i++) y = linear(values, `${name}.${i}`, activation(y));
  return y;
}

function cascade(values: Values, name: string, h: number[]) {
  let x = h;
  const latents: number[] = [];
  for (let block = 0; block < OPTIONS.blocks; block++) {
    const latent = stack(values, `${name}.encoder${block}`, x, 2, leaky);
    const step = stack(values, `${name}.decoder${block}`, latent, 2);
    x = x.map((v, i) => v + (step[i] as number));
    latents.push(...latent);
  }
  return { imagined: stack(values, `${name}.transition`, x, 2), latents };
}

describe("mmin", () => {
  it("tells classes, imagines what was taken away and finds the way back", () => {
    const tiny = new Tiny(mmin({ ...OPTIONS, patterns: "missing" }), { modalities: MODALITIES });
    const teacher = tiny.teacher as Values;
    const present = MODALITIES.map((m) =>
      Uint8Array.from(tiny.inputs(m), (x) => Number(x !== null)),
    );
    const kept = drawPatterns(present, false, new Random(1, "patterns/0/0"));
    const blank = (values: Values, m: string) => {
      const width = tiny.inputs(m).find((x) => x !== null)?.length ?? 0;
      return linear(values, `encoders.${m}.out`, new Array<number>(width).fill(0));
    };
    const seen = (values: Values, i: number) =>
      MODALITIES.flatMap((m, k) => {
        const h = kept[k]?.[i] === 1 ? tiny.features(values, m)[i] : null;
        return [...(h ?? blank(values, m))];
      });
    let taken = 0;
    expectStepOf(tiny, (now, frozen) => {
      const squares: number[] = [];
      const wayBack: number[] = [];
      const z = LABELS.map((_, i) => {
        const { imagined, latents } = cascade(now, "method.forward", seen(now, i));
        MODALITIES.forEach((m, k) => {
          if (present[k]?.[i] === 0) return;
          if (kept[k]?.[i] === 0) taken++;
          const target =
            kept[k]?.[i] === 1 ? blank(teacher, m) : (tiny.features(teacher, m)[i] ?? []);
          target.forEach((t, d) => {
            squares.push((t - (imagined[k * DIM + d] as number)) ** 2);
          });
        });
        const back = cascade(now, "method.backward", imagined).imagined;
        seen(frozen, i).forEach((x, d) => {
          wayBack.push((x - (back[d] as number)) ** 2);
        });
        return stack(now, "method.classifier", latents, 2);
      });
      return (
        meanCrossEntropy(z) +
        OPTIONS.imagination * meanOf(squares) +
        OPTIONS.cycle * meanOf(wayBack)
      );
    });
    expect(taken).toBeGreaterThan(0);
  });
});

describe("drawPatterns()", () => {
  const size = 4000;
  const all = () => new Uint8Array(size).fill(1);

  it.each([
    [true, 7],
    [false, 6],
  ])("draws each set alike, complete ones: %s", (complete, sets) => {
    const kept = drawPatterns([all(), all(), all()], complete, new Random(3, "test"));
    const counts = new Map<string, number>();
    for (let i = 0; i < size; i++) {
      const key = kept.map((mask) => mask[i]).join("");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(sets);
    for (const count of counts.values()) expect(Math.abs(count - size / sets)).toBeLessThan(100);
  });

  it("never gives what a sample lacks, nor takes its last", () => {
    const lacks = all().map((_, i) => i % 2);
    const [a, b] = drawPatterns([all(), lacks], false, new Random(3, "test"));
    expect(b?.every((has, i) => has <= (lacks[i] as number))).toBe(true);
    expect(a?.every((has, i) => i % 2 === 1 || has === 1)).toBe(true);
    expect(a?.every((has, i) => has + (b?.[i] as number) > 0)).toBe(true);
  });
});
