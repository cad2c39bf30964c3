/** The visitor's own classes: what was recorded, and the model made of it. */
import { computed, signal } from "@preact/signals";
import type { LabelledPair, Pair } from "../capture/pair.ts";
import { chosen, own, seed } from "./app-state.ts";

/** Fewest recordings of a class: three to learn from, one to be judged by. */
export const FEWEST = 4;
export const MOST_CLASSES = 5;
const EPOCHS = 30;
const BATCH = 8;

export const classes = signal<readonly string[]>(["class A", "class B"]);
export const pairs = signal<readonly LabelledPair[]>([]);
export const preparing = signal(false);
/** Why there are no ready-made recordings. */
export const problem = signal<string | null>(null);

export const counts = computed(() =>
  classes.value.map((_, label) => pairs.value.filter((pair) => pair.label === label).length),
);

/** What keeps the training from beginning; null if nothing does. */
export const obstacle = computed(() => {
  const names = classes.value.map((name) => name.trim());
  if (new Set(names).size < names.length || names.includes("")) {
    return "Give each class a name of its own.";
  }
  const short = counts.value.findIndex((count) => count < FEWEST);
  return short < 0
    ? null
    : `Record “${names[short]}” first: at least ${FEWEST} pairs of each class.`;
});

export function rename(label: number, name: string): void {
  classes.value = classes.value.map((old, i) => (i === label ? name : old));
}

export function addClass(): void {
  const letter = String.fromCharCode(65 + classes.value.length);
  classes.value = [...classes.value, `class ${letter}`];
}

export function clearClass(label: number): void {
  pairs.value = pairs.value.filter((pair) => pair.label !== label);
}

export function addPair(pair: Pair, label: number): void {
  pairs.value = [...pairs.value, { ...pair, label }];
}

/** Puts the ready-made recordings in place of what is there. */
export async function useReadyMade(): Promise<void> {
  preparing.value = true;
  try {
    const made = await own.readyMade();
    classes.value = made.classes;
    pairs.value = made.pairs;
    problem.value = null;
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  } finally {
    preparing.value = false;
  }
}

export async function trainOwn(): Promise<void> {
  if (obstacle.value !== null) return;
  const names = classes.value.map((name) => name.trim());
  await own.open({ name: "recordings", classes: names, pairs: pairs.value });
  if (own.info.value === null) return;
  const options = {
    epochs: EPOCHS,
    batchSize: BATCH,
    memory: "others",
    threads: 1,
    keep: "last",
  } as const;
  await own.train({ ...options, seed: seed.value });
  if (own.outcome.value !== null) chosen.value = own;
}
