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

finish(`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`);
