/** The emoji data as the page carries them: one artwork, the training and the validation part, compressed. */
import { gzipSync } from "node:zlib";
import { type BagData, type Dataset, type DenseData, encodeSafetensors } from "altermodal";
import { type ChannelNorm, restoreChannels } from "../../src/data/normalise.ts";
import { type EmojiModality, loadEmoji } from "../../src/node/datasets/emoji.ts";

/** CC-BY 4.0. One artwork is enough to see the effect, and halves the download. */
const ARTWORK = "twitter";

/**
 * Pictures as bytes, each less its left neighbour (which compresses to a third less), words, labels and parts; the test
 * part is never opened.
 */
export async function bakeEmoji(): Promise<Uint8Array> {
  const { train, validation, manifest } = await loadEmoji();
  const norm = manifest.normalisation?.image as ChannelNorm;
  const parts = [train, validation].map((part) => describePart(part, norm));
  const tensors = Object.fromEntries(
    parts.flatMap(({ tensors }, i) =>
      Object.entries(tensors).map(([name, tensor]) => [
        `${i === 0 ? "train" : "validation"}.${name}`,
        tensor,
      ]),
    ),
  );
  const bytes = encodeSafetensors(tensors, {
    classes: JSON.stringify(train.classes),
    vocabulary: JSON.stringify((train.modalities.words as BagData).words),
    norm: JSON.stringify(norm),
    attribution: JSON.stringify(manifest.attribution.filter((line) => !line.includes("Noto"))),
  });
  return gzipSync(bytes, { level: 9 });
}

function describePart(dataset: Dataset<EmojiModality>, norm: ChannelNorm) {
  const rows = dataset.ids.flatMap((id, i) => (id.endsWith(`/${ARTWORK}`) ? [i] : []));
  const image = dataset.modalities.image as DenseData;
  const [height = 0, width = 0, channels = 0] = image.shape;
  const size = height * width * channels;
  const { ids, offsets } = dataset.modalities.words as BagData;
  const pictures = new Uint8Array(rows.length * size);
  const wordIds: number[] = [];
  const starts = Int32Array.from({ length: rows.length + 1 }, () => 0);
  rows.forEach((row, i) => {
    const values = image.values.subarray(row * size, (row + 1) * size);
    pictures.set(differences(restoreChannels(values, norm), width * channels, channels), i * size);
    wordIds.push(...ids.subarray(offsets[row], offsets[row + 1]));
    starts[i + 1] = wordIds.length;
  });
  const labels = Int32Array.from(rows, (row) => dataset.labels[row] as number);
  return {
    tensors: {
      image: { shape: [rows.length, height, width, channels], data: pictures },
      ids: { shape: [wordIds.length], data: Int32Array.from(wordIds) },
      offsets: { shape: [starts.length], data: starts },
      labels: { shape: [labels.length], data: labels },
    },
  };
}

/** Each value less the one of the pixel to its left, in whole circles of a byte. */
function differences(bytes: Uint8Array, stride: number, channels: number): Uint8Array {
  return bytes.map((value, i) =>
    i % stride < channels ? value : value - (bytes[i - channels] as number),
  );
}
