/** sharp (libvips) on raw pixels and one thread. */
import sharp from "sharp";
import { finish, measure, noise } from "./measure.mjs";

sharp.concurrency(1);
sharp.cache(false);

for (const channels of [3, 1, 4]) {
  const pixels = Uint8Array.from(noise(512 * 512 * channels, 128), (x) => x + 128);
  const raw = { width: 512, height: 512, channels };
  for (const [filter, kernel] of [
    ["bilinear", "linear"],
    ["bicubic", "cubic"],
  ]) {
    await measure(`resize 512x512x${channels} to 224x224 ${filter}`, () =>
      sharp(pixels, { raw }).resize(224, 224, { kernel, fit: "fill" }).raw().toBuffer(),
    );
  }
}

// The pixels of bench/jpeg.bench.ts.
const side = 512;
const slopes = new Uint8ClampedArray(side * side * 3);
for (let i = 0; i < side * side; i++) {
  const [x, y] = [i % side, Math.floor(i / side)];
  const grain = (Math.imul(i, 2654435761) >>> 28) - 8;
  slopes.set([x / 2 + grain, y / 2 + grain, (x + y) / 4 + grain], 3 * i);
}
const file = await sharp(slopes, { raw: { width: side, height: side, channels: 3 } })
  .jpeg({ quality: 90 })
  .toBuffer();
const [mean, deviation] = [
  [0.485, 0.456, 0.406],
  [0.229, 0.224, 0.225],
];
await measure("JPEG 512x512 to 224x224 numbers", async () => {
  const resized = sharp(file).resize(224, 224, { kernel: "linear", fit: "fill" });
  const bytes = await resized.raw().toBuffer();
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    values[i] = (bytes[i] / 255 - mean[i % 3]) / deviation[i % 3];
  }
  return values;
});

finish(`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`);
