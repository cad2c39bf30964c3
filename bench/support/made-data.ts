/** Made data in the shape of the main job: pictures and words. */
import { type BagData, type Dataset, type DenseData, Random } from "../../src/index.ts";
import { seeded } from "./seeded.ts";

export interface MadeShape {
  readonly samples: number;
  readonly classes: number;
  /** Of a picture: [height, width, channels]. */
  readonly picture: readonly number[];
  readonly vocabulary: number;
  /** Of each sample. */
  readonly words: number;
}

export interface MadeData extends Dataset<"image" | "words"> {
  readonly modalities: { readonly image: DenseData; readonly words: BagData };
}

export function madeData({ samples, classes, picture, vocabulary, words }: MadeShape): MadeData {
  const random = new Random(1, "labels and words");
  const draw = (length: number, below: number): Int32Array =>
    Int32Array.from({ length }, () => random.int(below));
  const size = picture.reduce((product, side) => product * side, samples);
  const offsets = Int32Array.from({ length: samples + 1 }, (_, i) => i * words);
  return {
    name: "made",
    size: samples,
    classes: Array.from({ length: classes }, (_, i) => `class ${i}`),
    modalities: {
      image: { kind: "dense", shape: picture, values: seeded(size, 1) },
      words: { kind: "bag", vocabulary, ids: draw(samples * words, vocabulary), offsets },
    },
    labels: draw(samples, classes),
    ids: Array.from({ length: samples }, (_, i) => `sample ${i}`),
  };
}
