/**
 * What rounding does to MLA's projector of all steps: `npx tsx bench/projector-drift.ts`. After 100 to 100 000 mean
 * features, which span half of the space (and the rest with a thousandth of the strength), the kept P beside the inverse of
 * what was met in float64, and the norm of what P leaves of the latest one, at most sqrt(alpha) / 2.
 */

import { createEngine, Random } from "../src/index.ts";
import { HeadProjection } from "../src/optim/index.ts";
import { fromFactors } from "../tests/support/factors.ts";
import {
  build,
  eigenvalues,
  inverse,
  largestDifference,
  type Matrix,
  matrix,
  multiply,
  norm,
} from "../tests/support/matrix.ts";
import { markdownTable } from "./support/table.ts";

const WIDTH = 32;
const COUNTS = [100, 1000, 10_000, 100_000];

interface Kept {
  readonly name: string;
  remember(r: Float32Array): void;
  matrix(): Matrix;
}

const engine = await createEngine();

function ours(precision: "float32" | "float64", alpha: number): Kept {
  const head = engine.tensor(0, [1, WIDTH], { persistent: true, requiresGrad: true });
  const projection = new HeadProjection(head, { memory: "all", precision, alpha });
  return {
    name: precision === "float32" ? "factors in float32" : "matrix in float64",
    remember: (r) => engine.scope(() => projection.remember("a", engine.tensor(r, [1, WIDTH]))),
    matrix() {
      const state = projection.state();
      const { projector } = state;
      return projector ? matrix(WIDTH, WIDTH, projector) : fromFactors(WIDTH, state);
    },
  };
}

/** The textbook's formula in float32, as in bench/peers/torch_bench.py: each operation rounded. */
function plain(alpha: number): Kept {
  const p = Float32Array.from({ length: WIDTH * WIDTH }, (_, at) => Number(at % (WIDTH + 1) === 0));
  const k = new Float32Array(WIDTH);
  return {
    name: "matrix in float32",
    remember(r) {
      let along = Math.fround(alpha);
      for (let i = 0; i < WIDTH; i++) {
        let sum = 0;
        for (let j = 0; j < WIDTH; j++) {
          sum = Math.fround(sum + Math.fround((p[i * WIDTH + j] as number) * (r[j] as number)));
        }
        k[i] = sum;
      }
      for (let i = 0; i < WIDTH; i++) {
        along = Math.fround(along + Math.fround((r[i] as number) * (k[i] as number)));
      }
      for (let i = 0; i < WIDTH; i++) {
        for (let j = 0; j < WIDTH; j++) {
          const product = Math.fround((k[i] as number) * (k[j] as number));
          const at = i * WIDTH + j;
          p[at] = (p[at] as number) - Math.fround(product / along);
        }
      }
    },
    matrix: () => matrix(WIDTH, WIDTH, p),
  };
}

function asymmetry({ data }: Matrix): number {
  return largestDifference(data, build(WIDTH, WIDTH, (i, j) => data[j * WIDTH + i] as number).data);
}

const cells = [
  [
    "alpha, updates, P kept as",
    "off the inverse",
    "asymmetry",
    "least eigenvalue",
    "true one",
    "largest",
    "let through",
  ],
];
for (const alpha of [0.1, 1e-6]) {
  const random = new Random(5);
  const kept = [ours("float64", alpha), plain(alpha), ours("float32", alpha)];
  const sum = build(WIDTH, WIDTH, (i, j) => Number(i === j)).data;
  const r = new Float32Array(WIDTH);
  const main = Float64Array.from({ length: (WIDTH * WIDTH) / 2 }, () => random.normal() / 6);
  for (let n = 1; n <= 100_000; n++) {
    for (let i = 0; i < WIDTH; i++) r[i] = 1e-3 * random.normal();
    for (let k = 0; k < WIDTH / 2; k++) {
      const strength = random.float() - 0.3;
      for (let i = 0; i < WIDTH; i++) {
        r[i] = (r[i] as number) + strength * (main[k * WIDTH + i] as number);
      }
    }
    for (let i = 0; i < WIDTH; i++) {
      const weight = (r[i] as number) / alpha;
      for (let j = 0; j < WIDTH; j++) {
        const at = i * WIDTH + j;
        sum[at] = (sum[at] as number) + weight * (r[j] as number);
      }
    }
    for (const one of kept) one.remember(r);
    if (!COUNTS.includes(n)) continue;
    const want = inverse(matrix(WIDTH, WIDTH, sum));
    const least = eigenvalues(want)[0] as number;
    for (const one of kept) {
      const p = one.matrix();
      const values = Number.isFinite(p.data[0]) ? eigenvalues(p) : [Number.NaN];
      cells.push([
        `${alpha}, ${n}, ${one.name}`,
        ...[
          largestDifference(p.data, want.data),
          asymmetry(p),
          values[0] as number,
          least,
          values.at(-1) as number,
          norm(multiply(p, matrix(WIDTH, 1, r)).data),
        ].map((value) => value.toExponential(1)),
      ]);
    }
  }
}
console.log(markdownTable(cells));
