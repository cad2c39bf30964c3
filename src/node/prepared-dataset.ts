/** From a prepared file to datasets, one per part. */
import { type BagData, type Dataset, type ModalityData, subset } from "../data/dataset.ts";
import type { ChannelNorm } from "../data/normalise.ts";
import type { DataManifest, LoadedData } from "../data/source.ts";
import { PARTS, type Part } from "../data/split.ts";
import { guardTest } from "../data/test-ledger.ts";
import { DataFormatError } from "../engine/errors.ts";
import type { StoredTensor, TensorFile } from "../io/safetensors.ts";
import type { CachedData } from "./data-cache.ts";
import { storedValues } from "./stored-values.ts";

/**
 * The parts of a prepared file. Its tensors: `labels`, `groups` and `part` per sample; per modality NAME either NAME, or
 * NAME.ids and NAME.offsets; NAME.present where some samples lack it. Its metadata: `classes`, `ids`, and NAME.vocabulary
 * (or `vocabulary`) of token lists. What the cache left in the file is read from it when it is needed.
 *
 * @param names - the modalities, in order
 * @param scaling - mean and deviation of modalities kept as floats
 * @throws {DataFormatError} if a tensor is missing
 */
export function openParts<M extends string>(
  cached: CachedData,
  names: readonly M[],
  scaling: Readonly<Record<string, ChannelNorm>> = {},
): LoadedData<M> {
  const { manifest, file } = cached;
  const all = toDataset(cached, names, scaling);
  const part = tensorOf(manifest, file, "part").data as Uint8Array;
  const open = (name: Part) => {
    const index = PARTS.indexOf(name);
    const rows = Int32Array.from(all.labels.keys()).filter((row) => part[row] === index);
    return { ...subset(all, rows), name: `${manifest.name}/${name}` };
  };
  return {
    train: open("train"),
    validation: open("validation"),
    openTest: guardTest(manifest, () => open("test")),
    manifest,
  };
}

function tensorOf(manifest: DataManifest, file: TensorFile, name: string): StoredTensor {
  const tensor = file.tensors.get(name);
  if (tensor !== undefined) return tensor;
  throw new DataFormatError(
    `${manifest.name}: Cannot load the data: expected a tensor "${name}", got none`,
  );
}

function toDataset<M extends string>(
  { manifest, file, streamed }: CachedData,
  names: readonly M[],
  scaling: Readonly<Record<string, ChannelNorm>>,
): Dataset<M> {
  const array = (name: string) => tensorOf(manifest, file, name).data as Int32Array;
  const texts = (key: string): string[] => JSON.parse(file.metadata.get(key) ?? "[]");
  const modalities = {} as Record<M, ModalityData>;
  for (const name of names) {
    const mask = file.tensors.get(`${name}.present`)?.data as Uint8Array | undefined;
    const present = mask && { present: mask };
    const pictures = scaling[name] === undefined ? manifest.normalisation?.[name] : undefined;
    const known = { kind: "dense", ...(pictures && { norm: pictures }), ...present } as const;
    const norm = scaling[name] ?? pictures;
    const rows = streamed.get(name)?.(norm);
    if (rows !== undefined) {
      modalities[name] = { ...known, shape: rows.shape, rows };
      continue;
    }
    const dense = file.tensors.get(name);
    if (dense !== undefined) {
      const values = storedValues(dense.data, norm);
      modalities[name] = { ...known, shape: dense.shape.slice(1), values };
      continue;
    }
    const own = `${name}.vocabulary`;
    const words = texts(file.metadata.has(own) ? own : "vocabulary");
    const bag: BagData = {
      kind: "bag",
      vocabulary: words.length,
      words,
      ids: array(`${name}.ids`),
      offsets: array(`${name}.offsets`),
      ...present,
    };
    modalities[name] = bag;
  }
  const labels = array("labels");
  return {
    name: manifest.name,
    size: labels.length,
    classes: texts("classes"),
    modalities,
    labels,
    ids: texts("ids"),
    groups: array("groups"),
  };
}
