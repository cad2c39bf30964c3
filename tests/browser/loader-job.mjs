/** A training on augmented pictures, whose batches workers prepare: the same in Node and in a page. */
import { hashOf } from "../../consumers/job.mjs";

const SIZE = 40;
const SHAPE = [8, 8, 3];
const LENGTH = 8 * 8 * 3;

/** Value `i` of a sample: whole numbers over a power of two. */
const valueAt = (sample, i) => (((sample * 37 + i * 11) % 64) + 16 * (sample % 2)) / 64;

/** Rows that are computed, as `openers` of a worker's script opens them. */
export function computedRows({ size }) {
  return {
    size,
    origin: { opener: "computed", from: { size } },
    read(rows, into) {
      rows.forEach((row, k) => {
        for (let i = 0; i < LENGTH; i++) into[k * LENGTH + i] = valueAt(row, i);
      });
    },
  };
}

/**
 * The hash of the trained weights, and that of all that the loader's workers gave in their order.
 *
 * @param {{ train, mla, mlp, pictures }} library
 * @param loader - undefined: the training reads and augments by itself
 */
export async function loaderJob({ train, mla, mlp, pictures }, loader) {
  const image = Float32Array.from({ length: SIZE * LENGTH }, (_, at) =>
    valueAt(Math.floor(at / LENGTH), at % LENGTH),
  );
  const seen = new Map();
  const model = await train({
    data: {
      train: {
        name: "made",
        size: SIZE,
        classes: ["even", "odd"],
        modalities: {
          image: { kind: "dense", shape: SHAPE, values: image },
          far: { kind: "dense", shape: SHAPE, rows: computedRows({ size: SIZE }) },
        },
        labels: Int32Array.from({ length: SIZE }, (_, i) => i % 2),
        ids: Array.from({ length: SIZE }, (_, i) => `sample ${i}`),
      },
    },
    encoders: { image: mlp({ hidden: [8] }), far: mlp({ hidden: [8] }) },
    method: mla(),
    augment: { image: pictures(), far: pictures() },
    ...{ dim: 6, epochs: 3, batchSize: 16, seed: 11 },
    ...(loader && { loader: listening(loader, seen) }),
  }).finish();
  const weights = hashOf(await model.parameters());
  model.dispose();
  return { weights, batches: hashOf(seen), reads: seen.size };
}

/** The loader, and a copy of each batch that it gives. */
function listening(loader, seen) {
  const load = (epoch) => {
    const { dataset, done } = loader.load(epoch);
    const modalities = { ...dataset.modalities };
    for (const name of ["image", "far"]) {
      const { rows } = modalities[name];
      const readAhead = async (wanted, into) => {
        const place = `${epoch.epoch} ${name} ${String(wanted)}`;
        seen.set(place, new Float32Array(0));
        await rows.readAhead(wanted, into);
        seen.set(place, into.slice());
      };
      modalities[name] = { ...modalities[name], rows: { ...rows, size: rows.size, readAhead } };
    }
    return { dataset: { ...dataset, modalities }, done };
  };
  return { ahead: loader.ahead, load };
}
