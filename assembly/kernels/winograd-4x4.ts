/**
 * One-dimensional steps of Winograd's F(4, 3): 4 outputs of a 3-tap filter by 6 products (Lavin and Gray, CVPR 2016).
 *
 * Points 0, +-a, +-b and infinity with a = 1/sqrt(2), b = sqrt(2): half the error of the usual 1 and 2. Each step reads
 * `ins` values, `fromStep` bytes apart, and writes `outs`.
 */
import { add, constant, mul, neg, read, sub, write } from "../lanes";

const NUMBERS: usize = memory.data<f32>([
  0.7071067811865476, 1.4142135623730951, 0.5, 2, 2.5, 0.6666666666666666, 0.3333333333333333,
  0.16666666666666666, 0.47140452079103168, 0.23570226039551584, 0.3535533905932738,
  2.8284271247461903,
]);
const A: i32 = 0;
const B: i32 = 1;
const HALF: i32 = 2;
const TWO: i32 = 3;
const FIVE_HALVES: i32 = 4;
const TWO_THIRDS: i32 = 5;
const THIRD: i32 = 6;
const SIXTH: i32 = 7;
/** 2 a / 3, b / 6, a^3, b^3. */
const A_TWO_THIRDS: i32 = 8;
const B_SIXTH: i32 = 9;
const A_CUBED: i32 = 10;
const B_CUBED: i32 = 11;

function number<T>(index: i32): T {
  return constant<T>(NUMBERS, index);
}

/** Input: v = B^T d. */
@unmanaged
export class Input4 {
  ins(): i32 {
    return 6;
  }
  outs(): i32 {
    return 6;
  }
  @inline
  run<T>(from: usize, fromStep: usize, to: usize, toStep: usize): void {
    const d1 = read<T>(from + fromStep);
    const d2 = read<T>(from + 2 * fromStep);
    const d3 = read<T>(from + 3 * fromStep);
    const d4 = read<T>(from + 4 * fromStep);
    const wide = number<T>(FIVE_HALVES);
    write<T>(to, add<T>(sub<T>(read<T>(from), mul<T>(d2, wide)), d4));
    const last = sub<T>(d1, mul<T>(d3, wide));
    write<T>(to + 5 * toStep, add<T>(last, read<T>(from + 5 * fromStep)));
    const a = number<T>(A);
    const even = sub<T>(d4, add<T>(d2, d2));
    const odd = mul<T>(sub<T>(d3, add<T>(d1, d1)), a);
    write<T>(to + toStep, add<T>(even, odd));
    write<T>(to + 2 * toStep, sub<T>(even, odd));
    // b (d3 - d1 / 2) = a (2 d3 - d1), to the bit.
    const evenB = sub<T>(d4, mul<T>(d2, number<T>(HALF)));
    const oddB = mul<T>(sub<T>(add<T>(d3, d3), d1), a);
    write<T>(to + 3 * toStep, add<T>(evenB, oddB));
    write<T>(to + 4 * toStep, sub<T>(evenB, oddB));
  }
}

/** Filter: u = G g. */
@unmanaged
export class Filter4 {
  ins(): i32 {
    return 3;
  }
  outs(): i32 {
    return 6;
  }
  @inline
  run<T>(from: usize, fromStep: usize, to: usize, toStep: usize): void {
    const g0 = read<T>(from);
    const g1 = read<T>(from + fromStep);
    const g2 = read<T>(from + 2 * fromStep);
    write<T>(to, g0);
    write<T>(to + 5 * toStep, g2);
    const third = mul<T>(g2, number<T>(THIRD));
    const even = add<T>(mul<T>(g0, number<T>(TWO_THIRDS)), third);
    const odd = mul<T>(g1, number<T>(A_TWO_THIRDS));
    write<T>(to + toStep, neg<T>(add<T>(even, odd)));
    write<T>(to + 2 * toStep, sub<T>(odd, even));
    const evenB = add<T>(mul<T>(g0, number<T>(SIXTH)), third);
    const oddB = mul<T>(g1, number<T>(B_SIXTH));
    write<T>(to + 3 * toStep, add<T>(evenB, oddB));
    write<T>(to + 4 * toStep, sub<T>(evenB, oddB));
  }
}

/** Output: y = A^T m. */
@unmanaged
export class Output4 {
  ins(): i32 {
    return 6;
  }
  outs(): i32 {
    return 4;
  }
  @inline
  run<T>(from: usize, fromStep: usize, to: usize, toStep: usize): void {
    const m1 = read<T>(from + fromStep);
    const m2 = read<T>(from + 2 * fromStep);
    const m3 = read<T>(from + 3 * fromStep);
    const m4 = read<T>(from + 4 * fromStep);
    const even = add<T>(m1, m2);
    const odd = sub<T>(m1, m2);
    const evenB = add<T>(m3, m4);
    const oddB = sub<T>(m3, m4);
    write<T>(to, add<T>(read<T>(from), add<T>(even, evenB)));
    write<T>(to + toStep, add<T>(mul<T>(odd, number<T>(A)), mul<T>(oddB, number<T>(B))));
    write<T>(to + 2 * toStep, add<T>(mul<T>(even, number<T>(HALF)), mul<T>(evenB, number<T>(TWO))));
    const cubes = add<T>(mul<T>(odd, number<T>(A_CUBED)), mul<T>(oddB, number<T>(B_CUBED)));
    write<T>(to + 3 * toStep, add<T>(cubes, read<T>(from + 5 * fromStep)));
  }
}

/** Gradient of the output, towards the filter: A y. */
@unmanaged
export class OutputGrad4 {
  ins(): i32 {
    return 4;
  }
  outs(): i32 {
    return 6;
  }
  @inline
  run<T>(from: usize, fromStep: usize, to: usize, toStep: usize): void {
    const y0 = read<T>(from);
    const y1 = read<T>(from + fromStep);
    const y2 = read<T>(from + 2 * fromStep);
    const y3 = read<T>(from + 3 * fromStep);
    write<T>(to, y0);
    write<T>(to + 5 * toStep, y3);
    const even = add<T>(y0, mul<T>(y2, number<T>(HALF)));
    const odd = add<T>(mul<T>(y1, number<T>(A)), mul<T>(y3, number<T>(A_CUBED)));
    write<T>(to + toStep, add<T>(even, odd));
    write<T>(to + 2 * toStep, sub<T>(even, odd));
    const evenB = add<T>(y0, mul<T>(y2, number<T>(TWO)));
    const oddB = add<T>(mul<T>(y1, number<T>(B)), mul<T>(y3, number<T>(B_CUBED)));
    write<T>(to + 3 * toStep, add<T>(evenB, oddB));
    write<T>(to + 4 * toStep, sub<T>(evenB, oddB));
  }
}

/** Gradient of the filter: G^T u. */
@unmanaged
export class FilterGrad4 {
  ins(): i32 {
    return 6;
  }
  outs(): i32 {
    return 3;
  }
  @inline
  run<T>(from: usize, fromStep: usize, to: usize, toStep: usize): void {
    const u1 = read<T>(from + fromStep);
    const u2 = read<T>(from + 2 * fromStep);
    const u3 = read<T>(from + 3 * fromStep);
    const u4 = read<T>(from + 4 * fromStep);
    const even = add<T>(u1, u2);
    const odd = sub<T>(u1, u2);
    const evenB = add<T>(u3, u4);
    const oddB = sub<T>(u3, u4);
    const first = sub<T>(mul<T>(evenB, number<T>(SIXTH)), mul<T>(even, number<T>(TWO_THIRDS)));
    write<T>(to, add<T>(read<T>(from), first));
    write<T>(
      to + toStep,
      sub<T>(mul<T>(oddB, number<T>(B_SIXTH)), mul<T>(odd, number<T>(A_TWO_THIRDS))),
    );
    const last = mul<T>(sub<T>(evenB, even), number<T>(THIRD));
    write<T>(to + 2 * toStep, add<T>(last, read<T>(from + 5 * fromStep)));
  }
}
