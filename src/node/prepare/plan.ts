/** From what a reader listed to the samples that are prepared: checked, limited, labelled and split. */
import { PARTS, type Part, splitGrouped } from "../../data/split.ts";
import { DataError, formatNames } from "../../engine/errors.ts";
import { Random } from "../../random.ts";
import type { Item, Problem } from "./item.ts";
import type { Choices, FileSet, Listing } from "./set.ts";

export const DEFAULT_FRACTIONS: Readonly<Record<Part, number>> = {
  train: 8,
  validation: 1,
  test: 1,
};

export interface Plan {
  readonly items: readonly Item[];
  readonly classes: readonly string[];
  readonly labels: Int32Array;
  readonly groups: Int32Array;
  /** Position in PARTS, per item. */
  readonly part: Uint8Array;
  /** Groups of an authors' split that lie in several parts. */
  readonly tornGroups: number;
}

/**
 * Decides all that can be decided before a file is opened.
 *
 * @throws {DataError} if there is no sample, or a part would lack a class
 */
export function planSamples(
  set: FileSet,
  choices: Choices,
  listing: Listing,
  report: (problem: Problem) => void,
): Plan {
  const classes = listing.classes ?? [...new Set(listing.items.map(({ label }) => label))].sort();
  const usable = listing.items.filter(checker(set, choices, classes, report));
  const items = choices.limit > 0 ? spread(usable, choices, seedOf(set)) : usable;
  if (items.length === 0) {
    throw new DataError(`${set.name}: Cannot prepare the data: expected a sample, got none`);
  }
  const labels = Int32Array.from(items, ({ label }) => classes.indexOf(label));
  const numbers = new Map<string, number>();
  const groups = Int32Array.from(items, ({ group }) => {
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  });
  const part =
    choices.split === "authors"
      ? authorsParts(set, items, labels, groups)
      : grouped(labels, groups, set.fractions ?? DEFAULT_FRACTIONS, seedOf(set));
  return { items, classes, labels, groups, part, tornGroups: countTorn(groups, part) };
}

function seedOf(set: FileSet): number {
  return set.splitSeed ?? 1;
}

function checker(
  set: FileSet,
  choices: Choices,
  classes: readonly string[],
  report: (problem: Problem) => void,
): (item: Item) => boolean {
  const seen = new Set<string>();
  const known = new Set(classes);
  return ({ id, label, part, cells, where = id }) => {
    const refuse = (message: string) => {
      report({ where, message });
      return false;
    };
    if (seen.has(id)) return refuse("a second sample of this id; the first one is used");
    if (!known.has(label)) {
      return refuse(`class "${label}": expected one of ${formatNames(classes)}`);
    }
    if (Object.values(cells).every((cell) => cell === null || cell === undefined)) {
      return refuse("no modality at all");
    }
    if (choices.split === "authors" && part === undefined) {
      return refuse(`in no part of the authors' list of ${set.name}`);
    }
    seen.add(id);
    return true;
  };
}

/** So many items, in turns from every class (and part, where parts are listed), each time from another group where there is one. */
function spread(items: readonly Item[], { limit, split }: Choices, seed: number): Item[] {
  const kinds = new Map<string, Item[][]>();
  const shuffled = new Random(seed, "limit").shuffle(Int32Array.from(items.keys()));
  for (const index of shuffled) {
    const item = items[index] as Item;
    const key = JSON.stringify(split === "authors" ? [item.label, item.part] : item.label);
    const rounds = kinds.get(key) ?? [];
    const round = rounds.find((others) => others.every(({ group }) => group !== item.group));
    if (round) round.push(item);
    else rounds.push([item]);
    kinds.set(key, rounds);
  }
  const queues = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rounds]) => rounds.flat());
  const chosen = new Set<Item>();
  for (let turn = 0; chosen.size < Math.min(limit, items.length); turn++) {
    for (const queue of queues) {
      const item = queue[turn];
      if (item !== undefined && chosen.size < limit) chosen.add(item);
    }
  }
  return items.filter((item) => chosen.has(item));
}

function grouped(
  labels: Int32Array,
  groups: Int32Array,
  fractions: Readonly<Record<Part, number>>,
  seed: number,
): Uint8Array {
  const rows = splitGrouped({ labels, groups, fractions, seed });
  const part = new Uint8Array(labels.length);
  PARTS.forEach((name, index) => {
    for (const row of rows[name]) part[row] = index;
  });
  return part;
}

/** As listed; where the authors have no validation part, it is drawn from their training part. */
function authorsParts(
  set: FileSet,
  items: readonly Item[],
  labels: Int32Array,
  groups: Int32Array,
): Uint8Array {
  const part = Uint8Array.from(items, (item) => PARTS.indexOf(item.part as Part));
  const rowsOf = (index: number) => [...part.keys()].filter((row) => part[row] === index);
  for (const name of ["train", "test"] as const) {
    if (part.includes(PARTS.indexOf(name))) continue;
    throw new DataError(
      `${set.name}: Cannot split as the authors do: expected a sample in part "${name}", got none`,
    );
  }
  if (part.includes(PARTS.indexOf("validation"))) return part;
  const rows = rowsOf(0);
  const inner = grouped(
    Int32Array.from(rows, (row) => labels[row] as number),
    Int32Array.from(rows, (row) => groups[row] as number),
    { ...(set.fractions ?? DEFAULT_FRACTIONS), test: 0 },
    seedOf(set),
  );
  rows.forEach((row, i) => {
    part[row] = inner[i] as number;
  });
  return part;
}

function countTorn(groups: Int32Array, part: Uint8Array): number {
  const first = new Map<number, number>();
  const torn = new Set<number>();
  groups.forEach((group, row) => {
    const own = part[row] as number;
    if ((first.get(group) ?? own) !== own) torn.add(group);
    first.set(group, own);
  });
  return torn.size;
}
