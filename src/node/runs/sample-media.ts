import { type Dataset, hasModality, type ModalityData } from "../../data/dataset.ts";
import { type ChannelNorm, restoreChannels } from "../../data/normalise.ts";
import { valuesOf } from "../../data/rows.ts";
import type { DataManifest } from "../../data/source.ts";
import type { SampleMedia } from "../../report/index.ts";
import { encodePng, isPictureShape } from "../png.ts";

/** What a reader of a report can see of each sample: its picture and its words, where it has them. */
export function sampleMedia(dataset: Dataset, manifest: DataManifest): SampleMedia {
  const pictures: Record<string, string> = {};
  const words: Record<string, string> = {};
  for (const [name, data] of Object.entries(dataset.modalities)) {
    const norm = manifest.normalisation?.[name];
    dataset.ids.forEach((id, i) => {
      if (!hasModality(data, i)) return;
      const picture = pictureOf(data, norm, i);
      if (picture !== undefined) pictures[id] ??= picture;
      const text = wordsOf(data, i);
      if (text !== undefined) words[id] = id in words ? `${words[id]}; ${text}` : text;
    });
  }
  return { pictures, words };
}

function pictureOf(
  data: ModalityData,
  norm: ChannelNorm | undefined,
  index: number,
): string | undefined {
  if (data.kind !== "dense" || norm === undefined || !isPictureShape(data.shape)) return undefined;
  const values = valuesOf(data, Int32Array.of(index));
  const png = encodePng(restoreChannels(values, norm), data.shape);
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}

function wordsOf(data: ModalityData, index: number): string | undefined {
  if (data.kind !== "bag" || data.words === undefined) return undefined;
  const ids = data.ids.subarray(data.offsets[index], data.offsets[index + 1]);
  return Array.from(ids, (id) => data.words?.[id]).join(" ");
}
