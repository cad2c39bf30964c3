/** From a prepared file to datasets, one per part. */
import {
  type BagData,
  type Dataset,
  type DenseData,
  type ModalityData,
  subset,
} from "../data/dataset.ts";
import { type ChannelNorm, normaliseChannels } from "../data/normalise.ts";
import type { DataManifest, LoadedData } from "../data/source.ts";
import { PARTS, type Part } from "../data/split.ts";
import { guardTest } from "../data/test-ledger.ts";
import { DataFormatError } from "../engine/errors.ts";
import type { StoredTensor, TensorFile } from "../io/safetensors.ts";

/**
 * The parts of a prepared file. Its tensors: `labels`, `groups` and `part` per sample; per modality NAME either NAME, or
 * NAME.ids and NAME.offsets; NAME.present where some samples lack it. Its metadata: `classes`, `ids`, and NAME.vocabulary
 * (or `vocabulary`) of token lists.
 *
 * @param names - the modalities, in order
 * @param scaling - mean and deviation of modalities kept as floats
 * @throws {DataFormatError} if a tensor is missing
 */
export function openParts<M extends string>(
  manifest: DataManifest,
  file: TensorFile,
  names: readonly M[],
  scaling: Readonly<Record<string, ChannelNorm>> = {},
): LoadedData<M> {
  const all = toDataset(manifest, file, names, scaling);
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
  manifest: DataManifest,
  file: TensorFile,
  names: readonly M[],
  scaling: Readonly<Record<string, ChannelNorm>>,
): Dataset<M> {
  const array = (name: string) => tensorOf(manifest, file, name).data as Int32Array;
  const texts = (key: string): string[] => JSON.parse(file.metadata.get(key) ?? "[]");
  const modalities = {} as Record<M, ModalityData>;
  for (const name of names) {
    const present = file.tensors.get(`${name}.present`)?.data as Uint8Array | undefined;
    const dense = file.tensors.get(name);
    if (dense !== undefined) {
      modalities[name] = {
        ...toDense(dense, manifest.normalisation?.[name], scaling[name]),
        ...(present && { present }),
      };
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
      ...(present && { present }),
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

function toDense(
  { shape, data }: StoredTensor,
  pictures: ChannelNorm | undefined,
  scaling: ChannelNorm | undefined,
): DenseData {
  const norm = data instanceof Uint8Array && scaling === undefined ? pictures : undefined;
  const values =
    data instanceof Uint8Array && pictures
      ? normaliseChannels(data, pictures)
      : Float32Array.from(data as ArrayLike<number>);
  if (scaling !== undefined) scaleChannels(values, scaling);
  return { kind: "dense", shape: shape.slice(1), values, ...(norm && { norm }) };
}

/** In place: `(value - mean) / deviation`; channels vary fastest. */
function scaleChannels(values: Float32Array, { mean, deviation }: ChannelNorm): void {
  const channels = mean.length;
  for (let i = 0; i < values.length; i++) {
    const c = i % channels;
    values[i] = ((values[i] as number) - (mean[c] as number)) / (deviation[c] as number);
  }
}
