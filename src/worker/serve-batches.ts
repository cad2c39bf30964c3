import { type AnyPart, bindPart, type PartConfig } from "../config/part.ts";
import { augmentValues, sampleRandom } from "../data/augment-batches.ts";
import { type Augmenter, buildAugmenter } from "../data/augmentation.ts";
import { sampleLength } from "../data/dataset.ts";
import {
  findNonFinite,
  openRows,
  type RowOpeners,
  type RowOrigin,
  type RowSource,
} from "../data/rows.ts";
import type { BatchAnswer, BatchOrder } from "./batch-messages.ts";
import { errorMessage } from "./error-message.ts";

export interface ServeBatchesOptions {
  /** The augmentations that it can do: those that the other side says that it has. */
  readonly parts?: readonly AnyPart[];
  /** How rows are opened that are read elsewhere. */
  readonly openers?: RowOpeners;
}

/**
 * What a worker does that prepares batches: reads rows, and augments samples.
 *
 * @param port - the worker's side of its channel: `self`, or Node's `parentPort`
 * @returns what to call with the data of each message
 */
export function serveBatches(
  port: { postMessage(message: unknown, transfer: ArrayBuffer[]): void },
  { parts = [], openers = {} }: ServeBatchesOptions = {},
): (data: unknown) => void {
  const sources = createMemo<RowSource>();
  const augmenters = createMemo<Augmenter<"dense">>();

  const sourceOf = (origin: RowOrigin) =>
    sources(JSON.stringify(origin), () => openRows(origin, openers));
  const augmenterOf = (modality: string, config: PartConfig, shape: readonly number[]) =>
    augmenters(JSON.stringify([modality, config, shape]), async () => {
      const bound = bindPart("augmentation", config, parts);
      const augmenter = buildAugmenter(modality, bound, { kind: "dense", shape });
      await augmenter.ready?.();
      return augmenter as Augmenter<"dense">;
    });

  async function perform(order: BatchOrder): Promise<BatchAnswer> {
    const { id, shape, count, buffer, read, augment } = order;
    const values = new Float32Array(buffer, 0, count * sampleLength(shape));
    if (read !== undefined) {
      const source = await sourceOf(read.origin);
      if (source.readAhead) await source.readAhead(read.rows, values);
      else source.read(read.rows, values);
      const at = findNonFinite(values);
      if (at >= 0) return { id, kind: "wrong", at, value: values[at] as number };
    }
    if (augment !== undefined) {
      const { modality, config, seed, epoch, names } = augment;
      const augmenter = await augmenterOf(modality, config, shape);
      augmentValues(values, count, augmenter, (i) =>
        sampleRandom(seed, modality, epoch, names[i] as string),
      );
    }
    return { id, kind: "values", buffer };
  }

  return (data) => {
    const order = data as BatchOrder;
    perform(order).then(
      (answer) => port.postMessage(answer, answer.kind === "values" ? [answer.buffer] : []),
      (error) => port.postMessage({ id: order.id, kind: "failed", error: errorMessage(error) }, []),
    );
  };
}

/** Makes each thing once; what failed is tried again. */
function createMemo<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (key, make) => {
    const known = made.get(key) ?? make();
    made.set(key, known);
    known.catch(() => made.delete(key));
    return known;
  };
}
