/** Synthesised stand-ins for what a microphone would hear: strokes of a bell, of a drum, and rain. */
import type { Random } from "altermodal";
import type { Thing } from "./made-pictures.ts";
import { SECONDS } from "./sound-features.ts";

export const MADE_RATE = 16000;

/** Its value `t` seconds after it began; `noise` is fresh for every sample. */
type Voice = (t: number, noise: number) => number;

const TURN = 2 * Math.PI;
/** Of a bell's base tone. */
const PARTIALS = [1, 2.01, 2.76, 5.4];

const VOICES: Readonly<Record<Thing, (random: Random) => Voice>> = {
  bell(random) {
    const base = 500 + 500 * random.float();
    const partial = (ratio: number, i: number, t: number) =>
      (Math.sin(TURN * base * ratio * t) * Math.exp(-t * (2 + 2 * i))) / (1 + i);
    return (t) => PARTIALS.reduce((sum, ratio, i) => sum + partial(ratio, i, t), 0);
  },
  drum(random) {
    const base = 70 + 60 * random.float();
    return (t, noise) => {
      const skin = Math.sin(TURN * base * t * (1 + 0.6 * Math.exp(-t * 30)));
      return skin * Math.exp(-t * 9) + 0.4 * noise * Math.exp(-t * 60);
    };
  },
  rain(random) {
    const strength = 0.3 + 0.3 * random.float();
    return (t, noise) => strength * noise * (0.8 + 0.2 * Math.sin(TURN * 3 * t));
  },
};

/** SECONDS of sound in [-1, 1] at {@link MADE_RATE}, beginning at some moment, in a room that is never quite still. */
export function playThing(thing: Thing, random: Random): Float32Array {
  const voice = VOICES[thing](random);
  const start = thing === "rain" ? 0 : 0.25 * random.float();
  const volume = 0.3 + 0.4 * random.float();
  return Float32Array.from({ length: Math.round(SECONDS * MADE_RATE) }, (_, i) => {
    const t = i / MADE_RATE - start;
    const noise = random.normal();
    const clean = t < 0 ? 0 : voice(t, 0.5 * noise);
    return Math.max(-1, Math.min(1, volume * clean + 0.01 * noise));
  });
}
