/** Recordings for who has no camera: drawn pictures and synthesised sounds, the same at every visit. */
import { Random } from "altermodal";
import { drawThing, THINGS } from "./made-pictures.ts";
import { MADE_RATE, playThing } from "./made-sounds.ts";
import type { LabelledPair } from "./pair.ts";
import { soundFeatures } from "./sound-features.ts";

const PAIRS_PER_CLASS = 24;

export async function readyMade(): Promise<{
  readonly classes: readonly string[];
  readonly pairs: readonly LabelledPair[];
}> {
  const pairs: LabelledPair[] = [];
  for (const [label, thing] of THINGS.entries()) {
    for (let i = 0; i < PAIRS_PER_CLASS; i++) {
      const random = new Random(1, `ready-made/${thing}/${i}`);
      const sound = await soundFeatures(playThing(thing, random), MADE_RATE);
      pairs.push({ label, picture: drawThing(thing, random), sound });
      // One short task per pair: the page stays free.
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return { classes: THINGS, pairs };
}
