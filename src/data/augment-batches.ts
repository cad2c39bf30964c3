import { Random } from "../random.ts";
import type { Augmenter } from "./augmentation.ts";
import type { BagInput, Batch, BatchInput, DenseInput } from "./batches.ts";

/**
 * Augments the batches of an epoch, one after the other. What is done to a sample depends on seed, epoch, its modality, its
 * position in the data, and how often the epoch had it before: not on its batch.
 *
 * The values of a batch are changed in place, its token lists are new.
 */
export function createBatchAugmenter<M extends string>(
  augmenters: { readonly [K in M]?: Augmenter },
  seed: number,
  epoch: number,
): (batch: Batch<M>) => Batch<M> {
  const nameSamples = createSampleNamer();
  const parts = Object.entries(augmenters) as [M, Augmenter][];
  return (batch) => {
    if (parts.length === 0) return batch;
    const names = nameSamples(batch.indices);
    const inputs: { [K in M]?: BatchInput } = { ...batch.inputs };
    for (const [m, augmenter] of parts) {
      const input: BatchInput | undefined = inputs[m];
      if (input === undefined) continue;
      const randomOf = (i: number) =>
        sampleRandom(seed, m, epoch, names[input.rows?.[i] ?? i] as string);
      if (augmenter.kind === "dense") {
        const { count, values } = input as DenseInput;
        augmentValues(values, count, augmenter as Augmenter<"dense">, randomOf);
      } else {
        inputs[m] = augmentBag(input as BagInput, augmenter as Augmenter<"bag">, randomOf);
      }
    }
    return { ...batch, inputs };
  };
}

/** Names samples of an epoch, batch after batch: by their position, and how often the epoch had them before. */
export function createSampleNamer(): (indices: Int32Array) => string[] {
  const seen = new Map<number, number>();
  return (indices) =>
    Array.from(indices, (index) => {
      const before = seen.get(index) ?? 0;
      seen.set(index, before + 1);
      return before === 0 ? `${index}` : `${index}/${before}`;
    });
}

/** Where all chance in the augmentation of one sample comes from. */
export function sampleRandom(seed: number, modality: string, epoch: number, name: string): Random {
  return new Random(seed, `augment/${modality}/${epoch}/${name}`);
}

/** In place, values of `count` samples, one after the other. */
export function augmentValues(
  values: Float32Array,
  count: number,
  { apply }: Pick<Augmenter<"dense">, "apply">,
  randomOf: (row: number) => Random,
): void {
  const length = values.length / count;
  for (let i = 0; i < count; i++) {
    const sample = values.subarray(i * length, (i + 1) * length);
    sample.set(apply(sample, randomOf(i)));
  }
}

function augmentBag(
  input: BagInput,
  { apply }: Augmenter<"bag">,
  randomOf: (row: number) => Random,
): BagInput {
  const ids = new Int32Array(input.ids.length);
  const offsets = new Int32Array(input.count + 1);
  for (let i = 0; i < input.count; i++) {
    const list = input.ids.subarray(input.offsets[i], input.offsets[i + 1]);
    const kept = apply(list, randomOf(i));
    ids.set(kept, offsets[i]);
    offsets[i + 1] = (offsets[i] as number) + kept.length;
  }
  return { ...input, ids: ids.subarray(0, offsets[input.count]), offsets };
}
