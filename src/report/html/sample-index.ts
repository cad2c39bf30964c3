import { predictClasses } from "../../metrics/index.ts";
import { type PackedFloats, unpackFloats } from "../packed-floats.ts";
import type { CellRecord, TestRecord } from "../records.ts";

/** What may be shown beside a sample's id. */
export interface SampleMedia {
  /** `data:image/...;base64,...` by sample id. Anything else is left out: a report makes no request. */
  readonly pictures?: Readonly<Record<string, string>>;
  readonly words?: Readonly<Record<string, string>>;
}

/** All tested samples under one numbering. */
export interface SampleIndex {
  readonly ids: readonly string[];
  readonly truths: readonly number[];
  readonly positions: ReadonlyMap<string, number>;
  readonly media: SampleMedia;
}

/** Bytes that pictures and words may take, so that the file stays below 5 MB. */
const PICTURE_BUDGET = 3_200_000;
const WORDS_BUDGET = 600_000;
const WORDS_LENGTH = 140;
const PICTURE = /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+$/;

/** Numbers the samples of all test results in the order of their first appearance. */
export function indexSamples(cells: readonly CellRecord[], media: SampleMedia): SampleIndex {
  const positions = new Map<string, number>();
  const truths: number[] = [];
  for (const { test } of cells) {
    test?.ids.forEach((id, i) => {
      if (positions.has(id)) return;
      positions.set(id, positions.size);
      truths.push(test.labels[i] as number);
    });
  }
  return { ids: [...positions.keys()], truths, positions, media };
}

/**
 * The class that packed logits say for each sample of the index.
 *
 * @returns one class index per indexed sample, -1 where the logits have no row for it or a row of NaN
 */
export function indexedPredictions(
  index: SampleIndex,
  test: TestRecord,
  packed: PackedFloats,
): number[] {
  const logits = unpackFloats(packed);
  const classes = logits.length / test.ids.length;
  const said = predictClasses(logits, classes);
  const out = new Array<number>(index.ids.length).fill(-1);
  test.ids.forEach((id, i) => {
    const present = !Number.isNaN(logits[i * classes] as number);
    if (present) out[index.positions.get(id) as number] = said[i] as number;
  });
  return out;
}

/** Pictures and words by position, the samples in `first` before the others, as far as the budget reaches. */
export function mediaWithinBudget(
  { ids, media }: SampleIndex,
  first: Iterable<number>,
): { pictures: Record<number, string>; words: Record<number, string>; left: number } {
  const pictures: Record<number, string> = {};
  const words: Record<number, string> = {};
  let pictureRoom = PICTURE_BUDGET;
  let wordsRoom = WORDS_BUDGET;
  let left = 0;
  for (const position of new Set([...first, ...ids.keys()])) {
    const id = ids[position] as string;
    const picture = own(media.pictures, id);
    if (picture !== undefined && PICTURE.test(picture)) {
      if (picture.length <= pictureRoom) {
        pictures[position] = picture;
        pictureRoom -= picture.length;
      } else left++;
    }
    const text = own(media.words, id)?.slice(0, WORDS_LENGTH);
    if (text !== undefined && text.length <= wordsRoom) {
      words[position] = text;
      wordsRoom -= text.length;
    }
  }
  return { pictures, words, left };
}

/** A record's own entry: an id such as "constructor" must not find what every object inherits. */
function own(record: Readonly<Record<string, string>> | undefined, id: string): string | undefined {
  return record !== undefined && Object.hasOwn(record, id) ? record[id] : undefined;
}
