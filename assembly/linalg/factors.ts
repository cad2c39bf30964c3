/**
 * A symmetric d x d matrix as U D U': U unit upper triangular in f32, D a positive diagonal in f64. No rounding makes it
 * asymmetric or takes an eigenvalue below zero, and U is a quarter of the bytes of the matrix in f64 (Bierman's form).
 *
 * U lies column by column, in blocks of four columns of one length, down to the last row of the block: 4 (b + 1) floats in
 * block b, with the ones of the diagonal and the zeros below it. D is padded to whole blocks with ones.
 */
import { allocArena, Mark, pushMark, rewind } from "../memory";
import { madd } from "../simd";

/** Bytes of d floats in whole vectors. */
function padded(d: i32): usize {
  return ((<usize>d + 3) & ~3) << 2;
}

/**
 * U D U' <- ((U D U')^-1 + r r' / alpha)^-1, in one sweep over the columns. Source: Bierman (Automatica 12, 1976),
 * measurement update.
 *
 * @param u f32, blocks as above
 * @param diagonal f64, D
 * @param r f32 [d]
 * @param alpha above 0
 */
export function factorUpdate(u: usize, diagonal: usize, r: usize, d: i32, alpha: f64): void {
  const mark = pushMark<Mark>();
  const bytes = padded(d);
  const vector = allocArena(bytes);
  const gain = allocArena(bytes);
  const own = allocArena(16);
  const along = allocArena(16);
  memory.fill(vector, 0, bytes);
  memory.copy(vector, r, (<usize>d) << 2);
  memory.fill(gain, 0, bytes);
  let before = alpha;
  for (let down: usize = 16; down <= bytes; down += 16) {
    dots4(along, vector, u, down);
    for (let c: usize = 0; c < 16; c += 4, diagonal += 8) {
      const value = <f64>load<f32>(along + c);
      const scaled = load<f64>(diagonal) * value;
      const after = before + value * scaled;
      store<f32>(own + c, <f32>scaled);
      store<f32>(along + c, <f32>(-value / before));
      store<f64>(diagonal, load<f64>(diagonal) * (before / after));
      before = after;
    }
    turn(u, gain, along, own, down);
    u += down << 2;
  }
  rewind(mark);
}

/** out[c] = inner product of x with column c of a block, c < 4; four partial sums each, as in dot.ts. */
function dots4(out: usize, x: usize, block: usize, down: usize): void {
  if (ASC_FEATURE_SIMD) {
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    for (const end = x + down; x < end; x += 16, block += 16) {
      const value = v128.load(x);
      s0 = madd(value, v128.load(block), s0);
      s1 = madd(value, v128.load(block + down), s1);
      s2 = madd(value, v128.load(block + 2 * down), s2);
      s3 = madd(value, v128.load(block + 3 * down), s3);
    }
    v128.store(out, laneSums(s0, s1, s2, s3));
  } else {
    for (let c: usize = 0; c < 16; c += 4, block += down) store<f32>(out + c, dot(x, block, down));
  }
}

/** [sum of a, of b, of c, of d], each (0 + 2) + (1 + 3). */
function laneSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

function dot(x: usize, y: usize, bytes: usize): f32 {
  let s0: f32 = 0;
  let s1: f32 = 0;
  let s2: f32 = 0;
  let s3: f32 = 0;
  for (const end = x + bytes; x < end; x += 16, y += 16) {
    s0 += load<f32>(x) * load<f32>(y);
    s1 += load<f32>(x, 4) * load<f32>(y, 4);
    s2 += load<f32>(x, 8) * load<f32>(y, 8);
    s3 += load<f32>(x, 12) * load<f32>(y, 12);
  }
  return s0 + s2 + (s1 + s3);
}

/** Column by column: u += along gain; gain += own (u as it was). Above the diagonal alone, as gain is still 0 below. */
function turn(block: usize, gain: usize, along: usize, own: usize, down: usize): void {
  if (ASC_FEATURE_SIMD) {
    const along0 = v128.load32_splat(along);
    const along1 = v128.load32_splat(along, 4);
    const along2 = v128.load32_splat(along, 8);
    const along3 = v128.load32_splat(along, 12);
    const own0 = v128.load32_splat(own);
    const own1 = v128.load32_splat(own, 4);
    const own2 = v128.load32_splat(own, 8);
    const own3 = v128.load32_splat(own, 12);
    for (const end = gain + down; gain < end; gain += 16, block += 16) {
      let k = v128.load(gain);
      k = turnColumn(block, k, along0, own0);
      k = turnColumn(block + down, k, along1, own1);
      k = turnColumn(block + 2 * down, k, along2, own2);
      k = turnColumn(block + 3 * down, k, along3, own3);
      v128.store(gain, k);
    }
  } else {
    for (let c: usize = 0; c < 16; c += 4) {
      const a = load<f32>(along + c);
      const b = load<f32>(own + c);
      for (let i: usize = 0; i < down; i += 4, block += 4) {
        const value = load<f32>(block);
        const k = load<f32>(gain + i);
        store<f32>(block, value + a * k);
        store<f32>(gain + i, k + b * value);
      }
    }
  }
}

function turnColumn(at: usize, gain: v128, along: v128, own: v128): v128 {
  const value = v128.load(at);
  v128.store(at, madd(along, gain, value));
  return madd(own, value, gain);
}

/**
 * x <- x U D U'.
 *
 * @param x f32 [rows, d]
 * @param u f32, blocks as above
 * @param diagonal f64, D
 */
export function factorRight(x: usize, rows: i32, d: i32, u: usize, diagonal: usize): void {
  const mark = pushMark<Mark>();
  const bytes = padded(d);
  const line = (<usize>d) << 2;
  const all = <usize>rows * bytes;
  const input = allocArena(all);
  const sums = allocArena(all);
  const along = allocArena(16);
  memory.fill(input, 0, all);
  memory.fill(sums, 0, all);
  for (let at: usize = 0, from = x; at < all; at += bytes, from += line) {
    memory.copy(input + at, from, line);
  }
  for (let down: usize = 16; down <= bytes; down += 16) {
    for (let at: usize = 0; at < all; at += bytes) {
      dots4(along, input + at, u, down);
      for (let c: usize = 0; c < 16; c += 4) {
        const factor = load<f64>(diagonal + (c << 1));
        store<f32>(along + c, <f32>(<f64>load<f32>(along + c) * factor));
      }
      addColumns(sums + at, u, along, down);
    }
    u += down << 2;
    diagonal += 32;
  }
  for (let at: usize = 0; at < all; at += bytes, x += line) memory.copy(x, sums + at, line);
  rewind(mark);
}

/** x += sum over c of along[c] times column c of a block, column by column. */
function addColumns(x: usize, block: usize, along: usize, down: usize): void {
  if (ASC_FEATURE_SIMD) {
    const along0 = v128.load32_splat(along);
    const along1 = v128.load32_splat(along, 4);
    const along2 = v128.load32_splat(along, 8);
    const along3 = v128.load32_splat(along, 12);
    const block2 = block + (down << 1);
    for (let at: usize = 0; at < down; at += 16) {
      let sum = v128.load(x + at);
      sum = madd(along0, v128.load(block + at), sum);
      sum = madd(along1, v128.load(block + down + at), sum);
      sum = madd(along2, v128.load(block2 + at), sum);
      sum = madd(along3, v128.load(block2 + down + at), sum);
      v128.store(x + at, sum);
    }
  } else {
    for (let c: usize = 0; c < 16; c += 4) {
      const factor = load<f32>(along + c);
      for (let at: usize = 0; at < down; at += 4, block += 4) {
        store<f32>(x + at, load<f32>(x + at) + factor * load<f32>(block));
      }
    }
  }
}
