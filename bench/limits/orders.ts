/**
 * The product's tile of 4 x 8, written with its loads in any order: what V8 makes of it decides the speed, and V8 of Node 20
 * keeps the order of loads, but gathers those of a step in front and multiplies and adds by turns.
 */
import type { Random } from "../../src/random.ts";
import { compile } from "../support/compile.ts";

/** The loads of one step: two halves of a row of b, one number of each row of a. */
export type Order = readonly string[];

/** The order in `assembly/kernels/gemm-tile.ts`. */
export const OURS: Order = ["b1", "a0", "a2", "a1", "b0", "a3"];

const HALVES = ["low", "high"];
const ROWS = [0, 1, 2, 3];
const STEPS = 4;

export function randomOrder(random: Random): Order {
  return Array.from(random.shuffle(Int32Array.from(OURS.keys())), (i) => OURS[i] as string);
}

function step(order: Order): string {
  const loads = order.map((load) => {
    const at = Number(load[1]);
    return load[0] === "a"
      ? `s${at} = v128.load32_splat(aAt, ${4 * at});`
      : `${HALVES[at]} = v128.load(bAt, ${16 * at});`;
  });
  const sums = ROWS.flatMap((row) =>
    HALVES.map((half) => `${half}${row} = f32x4.add(${half}${row}, f32x4.mul(s${row}, ${half}));`),
  );
  return [...loads, ...sums, "if (--left == 0) break; aAt += 16; bAt += 32;"].join("\n");
}

const each = (line: (name: string, offset: number) => string): string =>
  ROWS.flatMap((row) => HALVES.map((half, i) => line(`${half}${row}`, 32 * row + 16 * i))).join(
    "\n",
  );

function source(order: Order): string {
  return `
export function strip(tiles: i32, c: usize, a: usize, b: usize, k: i32): void {
  let low: v128;
  let high: v128;
  do {
    ${each((name, offset) => `let ${name} = v128.load(c, ${offset});`)}
    ${ROWS.map((row) => `let s${row} = low0;`).join("\n")}
    let aAt = a;
    let bAt = b;
    let left = k;
    while (true) {
      ${step(order).concat("\n").repeat(STEPS)}
    }
    ${each((name, offset) => `v128.store(c, ${name}, ${offset});`)}
    b += <usize>k << 5;
  } while (--tiles);
}`;
}

export type Strip = (tiles: number, c: number, a: number, b: number, k: number) => void;

/** The tile with its loads in this order. */
export async function compileTile(order: Order): Promise<Strip> {
  return (await compile<{ strip: Strip }>("the tile", source(order))).strip;
}
