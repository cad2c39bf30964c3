/**
 * One row times 512 x 512 in WASM, all of its shape a constant: what V8 makes of it where no address of a row has to be
 * computed. Four rows at a time, eight columns a round, as in `assembly/kernels/gemm-row.ts`.
 */
import { compile } from "../support/compile.ts";

const N = 512;
const ROW_BYTES = 4 * N;
const GROUP_BYTES = 4 * ROW_BYTES;
const ROWS = [0, 1, 2, 3];
const A = 16384;
const B = 65536;
const CALLS = 20;
const ROUNDS = 25;

/** Four columns; with `ahead` a line of the next four rows is read, too. */
function columns(vector: number, ahead: boolean): string {
  const sums = ROWS.map(
    (row) =>
      `sum = f32x4.add(sum, f32x4.mul(s${row}, v128.load(b, ${16 * vector + row * ROW_BYTES})));`,
  );
  return `
      ${ahead ? `last = load<i32>(next, ${64 * vector});` : ""}
      sum = v128.load(c, ${16 * vector});
      ${sums.join("\n")}
      v128.store(c, sum, ${16 * vector});`;
}

function source(ahead: boolean): string {
  return `
let seen: i32 = 0;
export function row(a: usize, b: usize): void {
  memory.fill(0, 0, ${ROW_BYTES});
  let last = 0;
  let sum: v128;
  const end = b + ${N * ROW_BYTES};
  for (; b < end; a += 16, b += ${GROUP_BYTES - ROW_BYTES}) {
    ${ROWS.map((row) => `const s${row} = v128.load32_splat(a, ${4 * row});`).join("\n")}
    let next = b + ${GROUP_BYTES};
    for (let c: usize = 0; c < ${ROW_BYTES}; c += 32, b += 32, next += 128) {
      ${columns(0, ahead)}
      ${columns(1, ahead)}
    }
  }
  seen = last;
}`;
}

interface Row {
  readonly memory: WebAssembly.Memory;
  row(a: number, b: number): void;
}

/** A way to multiply the row, and GFLOP/s of the fastest of some calls. */
export async function compileRow(ahead: boolean): Promise<() => number> {
  const core = await compile<Row>("the row", source(ahead));
  core.memory.grow(20);
  new Float32Array(core.memory.buffer).fill(0.5);
  return () => {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      for (let call = 0; call < CALLS; call++) core.row(A, B);
      best = Math.min(best, performance.now() - start);
    }
    return (2 * N * N * CALLS) / best / 1e6;
  };
}
