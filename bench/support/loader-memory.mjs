/**
 * Writes prepared data, and trains on them in a fresh process of its own: FOLDER MEGABYTES memory|file. Prints the peak of
 * its resident memory in MB.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = (path) => new URL(`../../dist/${path}`, import.meta.url).href;
const [folder, megabytes, where, ready] = process.argv.slice(2);
/** Bytes of a sample; as float32 four times as many. */
const WIDTH = 4096;
const count = Math.round((Number(megabytes) * 1e6) / (4 * WIDTH));

if (ready === undefined) {
  await write();
  const args = [fileURLToPath(import.meta.url), folder, megabytes, where, "ready"];
  process.stdout.write(execFileSync(process.execPath, args));
} else await trainOn();

/** In another process than the training, so that it does not count. */
async function write() {
  const { encodeHeader } = await import(dist("io/safetensors-header.js"));
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  const part = Uint8Array.from({ length: count }, (_, i) => Number((i >> 1) % 16 === 15));
  const small = { labels, groups: labels, part };
  const { bytes, entries } = encodeHeader(
    [
      { name: "image", dtype: "U8", shape: [count, WIDTH] },
      ...["labels", "groups"].map((name) => ({ name, dtype: "I32", shape: [count] })),
      { name: "part", dtype: "U8", shape: [count] },
    ],
    {
      classes: JSON.stringify(["a", "b"]),
      ids: JSON.stringify(Array.from(labels, (_, i) => `${i}`)),
    },
  );
  mkdirSync(join(folder, "made"));
  const path = join(folder, "made", "made.safetensors");
  writeFileSync(path, bytes);
  const row = new Uint8Array(WIDTH);
  for (const { name } of entries) {
    if (name !== "image") appendFileSync(path, new Uint8Array(small[name].buffer));
    else {
      for (let i = 0; i < count; i += 256) {
        const rows = Array.from({ length: Math.min(256, count - i) }, (_, k) =>
          row.map((_, x) => (x * 7 + (i + k) * 13) & 255),
        );
        appendFileSync(path, Buffer.concat(rows));
      }
    }
  }
  const manifest = {
    name: "made",
    dataHash: createHash("sha256").update(readFileSync(path)).digest("hex"),
    preprocessingHash: "made",
    normalisation: { image: { mean: [0.5], deviation: [0.25] } },
  };
  writeFileSync(join(folder, "made", "manifest.json"), JSON.stringify(manifest));
}

async function trainOn() {
  const { train } = await import(dist("index.js"));
  const { unimodal } = await import(dist("methods/index.js"));
  const { sgd } = await import(dist("optim/index.js"));
  const { mlp } = await import(dist("encoders/index.js"));
  const { readCache } = await import(dist("node/data-cache.js"));
  const { openParts } = await import(dist("node/prepared-dataset.js"));
  const memory = where === "memory" ? Number.POSITIVE_INFINITY : 0;
  const cached = await readCache(folder, "made", "made", memory);
  const data = openParts(cached, ["image"]);
  const run = train({
    data: { train: data.train, validation: data.validation },
    encoders: { image: mlp({ hidden: [8] }) },
    method: unimodal(),
    optimizer: sgd({ rate: 1e-5 }),
    epochs: 1,
  });
  await run.finish();
  console.log(Math.round(process.resourceUsage().maxRSS / 1000));
}
