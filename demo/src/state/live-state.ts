/** What camera and microphone catch now, four times a second: to be recorded, and to be judged. */
import { signal } from "@preact/signals";
import { isDark } from "../capture/camera.ts";
import { isSilent } from "../capture/microphone.ts";
import { type Devices, openDevices } from "../capture/open-devices.ts";
import { type Pair, pairSample } from "../capture/pair.ts";
import { soundFeatures } from "../capture/sound-features.ts";
import { loudness, toPlay } from "../capture/waveform.ts";
import type { Answer } from "../lab/protocol.ts";
import { own } from "./app-state.ts";
import { addPair } from "./own-state.ts";

const TICK_MS = 250;
/** Pairs that one press of the button records: three seconds. */
const TAKE = 12;

export const devices = signal<Devices | null>(null);
export const opening = signal(false);
/** Of the sound, 0 to 1 for its root mean square. */
export const level = signal(0);
/** Why a sense has no say just now, by its name. */
export const missing = signal<Readonly<Record<string, string>>>({});
export const muted = signal<readonly string[]>([]);
export const liveAnswer = signal<Answer | null>(null);
/** Which class is being recorded, and how many pairs are still to come. */
export const take = signal<{ readonly label: number; readonly left: number } | null>(null);

let timer: ReturnType<typeof setInterval> | undefined;
let working = false;

export async function startDevices(): Promise<void> {
  opening.value = true;
  stopDevices();
  devices.value = await openDevices();
  opening.value = false;
  const { camera, microphone } = devices.value;
  if (camera !== null || microphone !== null) timer = setInterval(() => void tick(), TICK_MS);
}

export function stopDevices(): void {
  clearInterval(timer);
  devices.value?.camera?.close();
  devices.value?.microphone?.close();
  devices.value = null;
  take.value = null;
  liveAnswer.value = null;
}

export function startTake(label: number): void {
  take.value = { label, left: TAKE };
}

export function toggleMuted(name: string): void {
  const now = muted.value;
  muted.value = now.includes(name) ? now.filter((other) => other !== name) : [...now, name];
}

async function tick(): Promise<void> {
  if (working) return;
  working = true;
  try {
    const pair = await grab();
    record(pair);
    const { info, version } = own;
    const trained = version.value > 0 && info.value !== null && !own.busy;
    const sample = trained ? pairSample(info.value?.classes ?? [], pair) : null;
    liveAnswer.value = sample && (await own.ask({ sample }, muted.value));
  } catch (error) {
    stopDevices();
    const problem = error instanceof Error ? error.message : String(error);
    devices.value = { camera: null, microphone: null, problem };
  } finally {
    working = false;
  }
}

/** What is dark or silent counts as not there: a model could only guess at it. */
async function grab(): Promise<Pair> {
  const { camera, microphone } = devices.value ?? {};
  const picture = camera?.grab() ?? null;
  const wave = microphone?.grab() ?? null;
  const dark = picture !== null && isDark(picture);
  const silent = wave !== null && isSilent(wave);
  level.value = wave === null ? 0 : loudness(wave);
  missing.value = {
    picture: dark ? "it is dark" : "no camera",
    sound: silent ? "it is silent" : "no microphone",
  };
  return {
    picture: dark ? null : picture,
    sound: wave === null || silent ? null : await soundFeatures(wave),
    wave: wave && toPlay(wave),
  };
}

function record(pair: Pair): void {
  if (take.value === null || (pair.picture === null && pair.sound === null)) return;
  const { label, left } = take.value;
  addPair(pair, label);
  take.value = left > 1 ? { label, left: left - 1 } : null;
}
