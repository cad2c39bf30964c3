/** Colours times opacity and back, in pictures of four channels of bytes: Pillow's rounding. */

const OPAQUE = 255;

export function isOpaque(data: Uint8Array): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== OPAQUE) return false;
  return true;
}

/** A copy in which each colour is colour * opacity / 255, rounded. */
export function multiplyByOpacity(data: Uint8Array): Uint8Array {
  const out = data.slice();
  for (let i = 0; i < out.length; i += 4) {
    const opacity = out[i + 3] as number;
    for (let c = i; c < i + 3; c++) {
      const product = (out[c] as number) * opacity + 128;
      out[c] = ((product >> 8) + product) >> 8;
    }
  }
  return out;
}

/** Undoes {@link multiplyByOpacity} in place, rounding down; colours of no opacity stay. */
export function divideByOpacity(data: Uint8Array): void {
  for (let i = 0; i < data.length; i += 4) {
    const opacity = data[i + 3] as number;
    if (opacity === OPAQUE || opacity === 0) continue;
    for (let c = i; c < i + 3; c++) {
      data[c] = Math.min(OPAQUE, Math.floor((OPAQUE * (data[c] as number)) / opacity));
    }
  }
}
