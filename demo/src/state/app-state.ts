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

/** One each, as two run at once, or as many as there are processors. */
export const threads = signal<1 | "auto">(1);

/** Samples per step. */
const BATCH = 32;

export const raceRuns = computed(() => joint.busy || alternating.busy);

/** Trains from the start on the chosen data with the same seed; both, or one of them, side by side. */
export async function race(studios: readonly Studio[] = [joint, alternating]): Promise<void> {
  const source = { name: raceData.value } as const;
  const options = {
    seed: seed.value,
    epochs: epochs.value,
    batchSize: BATCH,
    memory: memory.value,
    threads: threads.value,
    keep: "best" as const,
  };
  await Promise.all(
    studios.map(async (studio) => {
      if (studio.source.value !== source.name) await studio.open(source);
      if (studio.info.value !== null) await studio.train(options);
    }),
  );
}
