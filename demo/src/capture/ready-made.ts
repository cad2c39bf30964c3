/** Recordings for who has no camera: drawn pictures and synthesised sounds, the same at every visit. */
import { Random } from "altermodal";
import type { Recordings } from "../lab/protocol.ts";
import { drawThing, THINGS } from "./made-pictures.ts";
import { MADE_RATE, playThing } from "./made-sounds.ts";
import type { LabelledPair } from "./pair.ts";
import { soundFeatures } from "./sound-features.ts";
import { toPlay } from "./waveform.ts";

const PAIRS_PER_CLASS = 24;

/** Takes its time, and is better made in a worker. */
export async function readyMade(): Promise<Recordings> {
  const pairs: LabelledPair[] = [];
  for (const [label, thing] of THINGS.entries()) {
    for (let i = 0; i < PAIRS_PER_CLASS; i++) {
      const random = new Random(1, `ready-made/${thing}/${i}`);
      const wave = { samples: playThing(thing, random), rate: MADE_RATE };
      const sound = await soundFeatures(wave);
      pairs.push({ label, picture: drawThing(thing, random), sound, wave: toPlay(wave) });
    }
  }
  return { classes: THINGS, pairs };
}
