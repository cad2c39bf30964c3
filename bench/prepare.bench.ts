/** Preparing a folder of pictures: what the second core brings, threads and files of the result included. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folder } from "../src/node/datasets/folder.ts";
import { encodePng } from "../src/node/png.ts";
import { type BenchGroup, WrongResult } from "./support/bench-case.ts";
import { seeded } from "./support/seeded.ts";

const WORKER = new URL("../dist/node/prepare/worker.js", import.meta.url);
const SIDE = 512;
const COUNT = 256;

function makePictures(root: string, count: number): void {
  const noise = Uint8Array.from(
    seeded(SIDE * SIDE * 3, 1),
    (value) => Math.abs(value * 1000) & 255,
  );
  const png = encodePng(noise, [SIDE, SIDE, 3]);
  for (let i = 0; i < count; i++) {
    const path = join(root, "pictures", `class${i % 2}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, `${i}.png`), png);
  }
}

async function measure(workers: number, quick: boolean) {
  const root = mkdtempSync(join(tmpdir(), "prepare-"));
  try {
    makePictures(root, COUNT);
    const seconds: number[] = [];
    let hash: string | undefined;
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      const start = performance.now();
      const { dataHash, problems } = await folder.prepare({
        from: join(root, "pictures"),
        cacheDir: root,
        name: "prepared",
        force: true,
        workers,
        workerScript: WORKER,
      });
      seconds.push((performance.now() - start) / 1000);
      hash ??= dataHash;
      if (problems.count > 0 || dataHash !== hash) throw new WrongResult("not what was prepared");
    }
    return { seconds };
  } finally {
    rmSync(root, { recursive: true });
  }
}

export const prepareGroup: BenchGroup = {
  title: "Preparing pictures of 512 x 512",
  cases: [1, 2].map((workers) => ({
    name: `prepare ${COUNT} pictures, ${workers} thread${workers > 1 ? "s" : ""}`,
    work: { amount: COUNT, unit: "sample" as const },
    prepare: (_, { quick }) => measure(workers, quick),
  })),
};
