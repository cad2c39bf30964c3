/** A name for data that changes with any value in them. */
import { DataError } from "../engine/errors.ts";
import { type Dataset, modalityNames } from "./dataset.ts";

/** SHA-256 in hex, in browsers (secure pages) and in Node alike. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * SHA-256 (hex) over everything in some datasets, in the given order: values, masks, labels, groups, ids,
 * classes, shapes and the names and order of modalities. Array lengths are part of it.
 */
export async function hashDatasets(datasets: readonly Dataset[]): Promise<string> {
  const chunks: Uint8Array[] = [];
  const addText = (value: unknown) => {
    const text = new TextEncoder().encode(JSON.stringify(value));
    chunks.push(new TextEncoder().encode(`${text.length}:`), text);
  };
  const addArray = (array: Float32Array | Int32Array | Uint8Array | undefined) => {
    addText(array?.length ?? null);
    if (array) chunks.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  };
  for (const { name, classes, ids, labels, groups, modalities } of datasets) {
    addText({ name, classes, ids });
    addArray(labels);
    addArray(groups);
    for (const modality of modalityNames({ modalities })) {
      const data = modalities[modality];
      if (data === undefined) continue;
      if ("rows" in data) {
        throw new DataError(
          `hash: Cannot hash modality "${modality}": expected values in memory, got some that are read when needed`,
        );
      }
      addText({ modality, kind: data.kind });
      addArray(data.present);
      if (data.kind === "dense") {
        addText(data.shape);
        addArray(data.values);
      } else {
        addText([data.vocabulary, data.words ?? null]);
        addArray(data.offsets);
        addArray(data.ids);
      }
    }
  }
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const all = new Uint8Array(total);
  let position = 0;
  for (const chunk of chunks) {
    all.set(chunk, position);
    position += chunk.length;
  }
  return sha256Hex(all);
}
