/** The page's state: two models that race on the same data, and one of the visitor's own. */
import { computed, signal } from "@preact/signals";
import { Studio } from "./studio.ts";

export type RaceData = "emoji" | "synthetic";

export const joint = new Studio("Joint", "concat");
export const alternating = new Studio("MLA", "mla");
export const own = new Studio("Yours", "mla");

export const raceData = signal<RaceData>("emoji");
export const seed = signal(1);
export const epochs = signal(12);
/** What MLA's projection remembers. */
export const memory = signal<"others" | "all">("others");

/** The model that the sections after the race look into. */
export const chosen = signal<Studio>(alternating);

/** Samples per step. */
const BATCH = 32;

export const raceRuns = computed(() => joint.busy || alternating.busy);

/** Trains both from the start, side by side, on the chosen data with the same seed. */
export async function race(): Promise<void> {
  const source = { name: raceData.value } as const;
  const options = {
    seed: seed.value,
    epochs: epochs.value,
    batchSize: BATCH,
    memory: memory.value,
  };
  await Promise.all(
    [joint, alternating].map(async (studio) => {
      if (studio.source.value !== source.name) await studio.open(source);
      if (studio.info.value !== null) await studio.train(options);
    }),
  );
}
