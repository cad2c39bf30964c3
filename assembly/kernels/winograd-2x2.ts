/**
 * One-dimensional steps of Winograd's F(2, 3): 2 outputs of a 3-tap filter by 4 products (Lavin and Gray, CVPR 2016).
 *
 * Points 0, 1, -1 and infinity. Each step reads `ins` values, `fromStep` bytes apart, and writes `outs`.
 */
import { add, constant, mul, neg, read, sub, write } from "../lanes";

const HALF: usize = memory.data<f32>([0.5]);

/** Input: v = B^T d. */
@unmanaged
export class Input2 {
  ins(): i32 {
    return 4;
  }
  outs(): i32 {
    return 4;
  }
  @inline
  run<T>(from: usize, fromStep: usize, to: usize, toStep: usize): void {
    const d0 = read<T>(from);
    const d1 = read<T>(from + fromStep);
    const d2 = read<T>(from + 2 * fromStep);
    const d3 = read<T>(from + 3 * fromStep);
    write<T>(to, sub<T>(d0, d2));
    write<T>(to + toStep, add<T>(d1, d2));
    write<T>(to + 2 * toStep, sub<T>(d2, d1));
    write<T>(to + 3 * toStep, sub<T>(d1, d3));
  }
}

/** Filter: u = G g. */
@unmanaged
export class Filter2 {
  ins(): i32 {
    return 3;
  }
  outs(): i32 {
    return 4;
  }
  @inline
  run<T>(from: usize, fromStep: usize, to: usize, toStep: usize): void {
    const half = constant<T>(HALF, 0);
    const g0 = read<T>(from);
    const g1 = mul<T>(read<T>(from + fromStep), half);
    const g2 = read<T>(from + 2 * fromStep);
    const even = mul<T>(add<T>(g0, g2), half);
    write<T>(to, g0);
    write<T>(to + toStep, add<T>(even, g1));
    write<T>(to + 2 * toStep, sub<T>(even, g1));
    write<T>(to + 3 * toStep, g2);
  }
}

/** Output: y = A^T m. */
@unmanaged
export class Output2 {
  ins(): i32 {
    return 4;
  }
  outs(): i32 {
    return 2;
  }
  @inline
  run<T>(from: usize, fromStep: usize, to: usize, toStep: usize): void {
    const m1 = read<T>(from + fromStep);
    const m2 = read<T>(from + 2 * fromStep);
    write<T>(to, add<T>(read<T>(from), add<T>(m1, m2)));
    write<T>(to + toStep, sub<T>(sub<T>(m1, m2), read<T>(from + 3 * fromStep)));
  }
}

/** Gradient of the output, towards the filter: A y. */
@unmanaged
export class OutputGrad2 {
  ins(): i32 {
    return 2;
  }
  outs(): i32 {
    return 4;
  }
  @inline
  run<T>(from: usize, fromStep: usize, to: usize, toStep: usize): void {
    const y0 = read<T>(from);
    const y1 = read<T>(from + fromStep);
    write<T>(to, y0);
    write<T>(to + toStep, add<T>(y0, y1));
    write<T>(to + 2 * toStep, sub<T>(y0, y1));
    write<T>(to + 3 * toStep, neg<T>(y1));
  }
}

/** Gradient of the filter: G^T u. */
@unmanaged
export class FilterGrad2 {
  ins(): i32 {
    return 4;
  }
  outs(): i32 {
    return 3;
  }
  @inline
  run<T>(from: usize, fromStep: usize, to: usize, toStep: usize): void {
    const half = constant<T>(HALF, 0);
    const u1 = read<T>(from + fromStep);
    const u2 = read<T>(from + 2 * fromStep);
    const even = mul<T>(add<T>(u1, u2), half);
    write<T>(to, add<T>(read<T>(from), even));
    write<T>(to + toStep, mul<T>(sub<T>(u1, u2), half));
    write<T>(to + 2 * toStep, add<T>(even, read<T>(from + 3 * fromStep)));
  }
}
