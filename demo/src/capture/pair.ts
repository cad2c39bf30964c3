/** What was seen and heard at one moment, and data sets made of such pairs. */
import type { Dataset, DenseData } from "altermodal";
import type { OpenData } from "../lab/built-in-data.ts";
import type { PartName, Recordings, Sound, View } from "../lab/protocol.ts";
import { BANDS, FRAMES } from "./sound-features.ts";

/** Pictures are squares of so many pixels. */
export const SIDE = 32;

export interface Pair {
  /** [SIDE, SIDE, 3] red, green, blue; null if nothing can be seen. */
  readonly picture: Uint8Array | null;
  /** [FRAMES, BANDS] log energies, scaled; null if nothing can be heard. */
  readonly sound: Float32Array | null;
  /** The sound itself, to be played. */
  readonly wave: Sound | null;
}

export interface LabelledPair extends Pair {
  readonly label: number;
}

/** Of each class the last quarter judges the training, at least one pair: neighbours in time look alike. */
const JUDGING_SHARE = 0.25;

export function recordedData({ classes, pairs }: Recordings): OpenData {
  const parts: Record<PartName, LabelledPair[]> = { train: [], validation: [] };
  classes.forEach((_, label) => {
    const own = pairs.filter((pair) => pair.label === label);
    const judging = Math.max(1, Math.floor(own.length * JUDGING_SHARE));
    parts.train.push(...own.slice(0, -judging));
    parts.validation.push(...own.slice(-judging));
  });
  return {
    train: pairDataset("train", classes, parts.train),
    validation: pairDataset("validation", classes, parts.validation),
    views: { train: pairViews(parts.train), validation: pairViews(parts.validation) },
    attribution: [],
  };
}

/** One pair, to be judged. */
export function pairSample(classes: readonly string[], pair: Pair): Dataset {
  return pairDataset("live", classes, [{ ...pair, label: -1 }]);
}

function pairDataset(
  name: string,
  classes: readonly string[],
  pairs: readonly LabelledPair[],
): Dataset {
  return {
    name: `recordings/${name}`,
    size: pairs.length,
    classes,
    modalities: {
      picture: dense(
        [SIDE, SIDE, 3],
        pairs.map(({ picture }) => picture && Float32Array.from(picture, scalePixel)),
      ),
      sound: dense(
        [FRAMES, BANDS, 1],
        pairs.map(({ sound }) => sound),
      ),
    },
    labels: Int32Array.from(pairs, ({ label }) => label),
    ids: pairs.map((_, i) => `${name}/${i}`),
  };
}

function scalePixel(byte: number): number {
  return (byte - 128) / 64;
}

function dense(shape: readonly number[], rows: readonly (Float32Array | null)[]): DenseData {
  const length = shape.reduce((product, side) => product * side, 1);
  const values = new Float32Array(rows.length * length);
  rows.forEach((row, i) => {
    if (row !== null) values.set(row, i * length);
  });
  const present = Uint8Array.from(rows, (row) => (row === null ? 0 : 1));
  return { kind: "dense", shape, values, present };
}

/** How pairs are shown: the picture as it is, the sound as a spectrogram with time to the right and low notes below. */
export function pairViews(pairs: readonly Pair[]): Readonly<Record<string, View>> {
  const rgb = new Uint8Array(pairs.length * SIDE * SIDE * 3);
  const values = new Float32Array(pairs.length * FRAMES * BANDS);
  pairs.forEach(({ picture, sound }, i) => {
    if (picture !== null) rgb.set(picture, i * SIDE * SIDE * 3);
    const start = i * FRAMES * BANDS;
    for (let band = 0; band < BANDS; band++) {
      for (let frame = 0; frame < FRAMES; frame++) {
        const energy = sound?.[frame * BANDS + band] ?? 0;
        values[start + (BANDS - 1 - band) * FRAMES + frame] = energy;
      }
    }
  });
  return {
    picture: { kind: "picture", width: SIDE, height: SIDE, rgb },
    sound: {
      kind: "grid",
      width: FRAMES,
      height: BANDS,
      values,
      sounds: pairs.map(({ wave }) => wave),
    },
  };
}
