// Windows of an image batch, with zeros where they reach past its edges.

/**
 * Copies rows [y, y + rows) x columns [left, left + columns) of `images` images; 0 outside of them.
 *
 * @param to - [images, rows, columns, channels]
 * @param from - [images, height, width, channels]
 */
export function copyWindow(
  to: usize,
  from: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  top: i32,
  rows: i32,
  left: i32,
  columns: i32,
): void {
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = pixelBytes * columns;
  const before = min(max(-left, 0), columns);
  const inside = max(min(left + columns, width) - max(left, 0), 0);
  const after = columns - before - inside;
  for (let image = 0; image < images; image++) {
    for (let y = top; y < top + rows; y++) {
      if (y < 0 || y >= height || inside == 0) {
        memory.fill(to, 0, rowBytes);
      } else {
        memory.fill(to, 0, pixelBytes * before);
        memory.copy(
          to + pixelBytes * before,
          from + pixelBytes * (y * width + max(left, 0)),
          pixelBytes * inside,
        );
        memory.fill(to + pixelBytes * (before + inside), 0, pixelBytes * after);
      }
      to += rowBytes;
    }
    from += pixelBytes * (height * width);
  }
}
