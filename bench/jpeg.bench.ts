/** A JPEG file of 512 x 512 to the numbers of a 224 x 224 picture, and how much of it is the decoder's. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import encodeJpeg, { init } from "@jsquash/jpeg/encode.js";
import { createFeatures, normalisePicture, resize } from "../src/features/index.ts";
import { jpeg } from "../src/node/decode/libraries.ts";
import { decodePicture } from "../src/node/decode/picture.ts";
import { type BenchGroup, SkippedRow, WrongResult } from "./support/bench-case.ts";

const [FROM, TO] = [512, 224];
const STATISTICS = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** Slopes with a grain; bench/peers/sharp.mjs makes the same pixels. */
async function makeJpeg(): Promise<Uint8Array> {
  const data = new Uint8ClampedArray(FROM * FROM * 4);
  for (let i = 0; i < FROM * FROM; i++) {
    const [x, y] = [i % FROM, Math.floor(i / FROM)];
    const grain = (Math.imul(i, 2654435761) >>> 28) - 8;
    data.set([x / 2 + grain, y / 2 + grain, (x + y) / 4 + grain, 255], 4 * i);
  }
  try {
    const path = createRequire(import.meta.url).resolve("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm");
    await (init as (codec: WebAssembly.Module) => Promise<unknown>)(
      await WebAssembly.compile(readFileSync(path)),
    );
    const picture = { data, width: FROM, height: FROM, colorSpace: "srgb" };
    return new Uint8Array(await encodeJpeg(picture as ImageData, { quality: 90 }));
  } catch (error) {
    throw new SkippedRow(`no JPEG to read: ${(error as Error).message}`);
  }
}

interface Times {
  readonly whole: readonly number[];
  readonly decoder: readonly number[];
}

let measured: Promise<Times> | undefined;

/** The whole way and the decoder alone, in turn. */
async function measure(quick: boolean): Promise<Times> {
  const bytes = await makeJpeg();
  const features = await createFeatures();
  const [whole, decoder]: [number[], number[]] = [[], []];
  for (let round = 0; round < (quick ? 10 : 60); round++) {
    const start = performance.now();
    const picture = resize(features, await decodePicture(bytes), { width: TO, height: TO });
    const values = normalisePicture(picture, STATISTICS);
    const between = performance.now();
    await jpeg(bytes);
    whole.push((between - start) / 1000);
    decoder.push((performance.now() - between) / 1000);
    const middle = picture.data[(TO * (TO / 2) + TO / 2) * 3] as number;
    if (values.length !== TO * TO * 3 || Math.abs(middle - FROM / 4) > 12) {
      throw new WrongResult(`the pixel in the middle is ${middle}`);
    }
  }
  return { whole, decoder };
}

function times(quick: boolean): Promise<Times> {
  measured ??= measure(quick);
  return measured;
}

export const jpegGroup: BenchGroup = {
  title: "A JPEG file to a picture's numbers",
  cases: [
    {
      name: `JPEG ${FROM}x${FROM} to ${TO}x${TO} numbers`,
      work: { amount: FROM * FROM, unit: "pixel" },
      prepare: async (_, { quick }) => ({ seconds: (await times(quick)).whole }),
    },
    {
      name: `JPEG ${FROM}x${FROM} to ${TO}x${TO} numbers, the decoder's share`,
      async prepare(_, { quick }) {
        const { whole, decoder } = await times(quick);
        const share = Math.min(...decoder) / Math.min(...whole);
        return { quantity: Math.round(100 * share), unit: "%" };
      },
    },
  ],
};
