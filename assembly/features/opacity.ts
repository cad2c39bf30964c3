/** Colours times opacity and back, in pixels of four bytes, in place: Pillow's rounding. */
const OPAQUE = 255;

/**
 * Each colour becomes colour * opacity / 255, rounded.
 *
 * @param x - room for a whole vector past its end
 * @returns whether a pixel is not opaque; if none is, nothing has changed
 */
export function u8_multiply_by_opacity(x: usize, pixels: i32): bool {
  const end = x + ((<usize>pixels) << 2);
  if (ASC_FEATURE_SIMD) {
    const full = i8x16.splat(-1);
    const half = i16x8.splat(128);
    let all = full;
    // The last vector may reach past the end, where it changes what nobody reads.
    const last = end - 16;
    for (; x < end; x += 16) {
      const pixel = v128.load(x);
      const by = i8x16.shuffle(
        pixel,
        full,
        3,
        3,
        3,
        16,
        7,
        7,
        7,
        16,
        11,
        11,
        11,
        16,
        15,
        15,
        15,
        16,
      );
      const low = i16x8.add(i16x8.extmul_low_i8x16_u(pixel, by), half);
      const high = i16x8.add(i16x8.extmul_high_i8x16_u(pixel, by), half);
      v128.store(x, i8x16.narrow_i16x8_u(rounded(low), rounded(high)));
      if (x <= last) all = v128.and(all, pixel);
      else for (let i: usize = 3; x + i < end; i += 4) if (load<u8>(x + i) != OPAQUE) all = half;
    }
    return (
      i32x4.bitmask(i32x4.eq(v128.and(all, i32x4.splat(-16777216)), i32x4.splat(-16777216))) != 15
    );
  } else {
    let isOpaque = true;
    for (; x < end; x += 4) {
      const opacity = <u32>load<u8>(x, 3);
      if (opacity != OPAQUE) isOpaque = false;
      for (let c: usize = 0; c < 3; c++) {
        const product = <u32>load<u8>(x + c) * opacity + 128;
        store<u8>(x + c, ((product >> 8) + product) >> 8);
      }
    }
    return !isOpaque;
  }
}

function rounded(product: v128): v128 {
  return i16x8.shr_u(i16x8.add(i16x8.shr_u(product, 8), product), 8);
}

/** Undoes `u8_multiply_by_opacity`, rounding down; colours of no opacity stay. */
export function u8_divide_by_opacity(x: usize, pixels: i32): void {
  for (const end = x + ((<usize>pixels) << 2); x < end; x += 4) {
    const opacity = <u32>load<u8>(x, 3);
    if (opacity == OPAQUE || opacity == 0) continue;
    for (let c: usize = 0; c < 3; c++) {
      store<u8>(x + c, min<u32>(OPAQUE, (OPAQUE * <u32>load<u8>(x + c)) / opacity));
    }
  }
}
