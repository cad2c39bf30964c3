import type { View } from "../lab/protocol.ts";

type Picture = Extract<View, { kind: "picture" }>;
type Grid = Extract<View, { kind: "grid" }>;

export function paintPicture(
  context: CanvasRenderingContext2D,
  { width, height, rgb }: Picture,
  index: number,
): void {
  const image = context.createImageData(width, height);
  const start = index * width * height * 3;
  for (let i = 0; i < width * height; i++) {
    for (let colour = 0; colour < 3; colour++) {
      image.data[4 * i + colour] = rgb[start + 3 * i + colour] as number;
    }
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** Above the middle of -2.5 to 2.5 the colour gets warmer, below it bluer; both are seen in light and dark. */
export function paintGrid(
  context: CanvasRenderingContext2D,
  { width, height, values }: Grid,
  index: number,
): void {
  const image = context.createImageData(width, height);
  const start = index * width * height;
  for (let i = 0; i < width * height; i++) {
    const value = Math.max(-1, Math.min(1, (values[start + i] as number) / 2.5));
    const [red, green, blue] = value > 0 ? [213, 94, 0] : [0, 114, 178];
    const strength = Math.abs(value);
    image.data[4 * i] = 245 + (red - 245) * strength;
    image.data[4 * i + 1] = 243 + (green - 243) * strength;
    image.data[4 * i + 2] = 238 + (blue - 238) * strength;
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
