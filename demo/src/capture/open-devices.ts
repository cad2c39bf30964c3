/** Asks for camera and microphone, and says in plain words what is in the way, with one remedy. */
import { Camera } from "./camera.ts";
import { Microphone } from "./microphone.ts";

export interface Devices {
  readonly camera: Camera | null;
  readonly microphone: Microphone | null;
  /** What is missing and what to do; null if both are there. */
  readonly problem: string | null;
}

const PICTURE: MediaTrackConstraints = { width: { ideal: 320 }, height: { ideal: 240 } };
/** As it sounds: the browser's cleaning up would change what is learnt. */
const SOUND: MediaTrackConstraints = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

/** Both with one question to the visitor if they can be had; else each for itself. */
export async function openDevices(): Promise<Devices> {
  const media: MediaDevices | undefined = navigator.mediaDevices;
  if (media === undefined) {
    const problem =
      "This browser gives camera and microphone only to pages on https or localhost. Use the ready-made recordings here.";
    return { camera: null, microphone: null, problem };
  }
  try {
    const stream = await media.getUserMedia({ video: PICTURE, audio: SOUND });
    const camera = new Camera(new MediaStream(stream.getVideoTracks()));
    const microphone = new Microphone(new MediaStream(stream.getAudioTracks()));
    return { camera, microphone, problem: null };
  } catch (error) {
    if (nameOf(error) === "NotAllowedError") {
      return { camera: null, microphone: null, problem: explain("camera and microphone", error) };
    }
  }
  const [picture, sound] = await Promise.allSettled([
    media.getUserMedia({ video: PICTURE }),
    media.getUserMedia({ audio: SOUND }),
  ]);
  const problems = [
    picture.status === "rejected" ? explain("camera", picture.reason) : null,
    sound.status === "rejected" ? explain("microphone", sound.reason) : null,
  ].filter((problem) => problem !== null);
  return {
    camera: picture.status === "fulfilled" ? new Camera(picture.value) : null,
    microphone: sound.status === "fulfilled" ? new Microphone(sound.value) : null,
    problem: problems.length === 0 ? null : problems.join(" "),
  };
}

function nameOf(error: unknown): string {
  return error instanceof DOMException ? error.name : "";
}

function explain(what: string, error: unknown): string {
  switch (nameOf(error)) {
    case "NotAllowedError":
      return `The browser was told not to let this page use the ${what}. Allow it beside the address and try again; what you recorded so far is kept.`;
    case "NotFoundError":
      return `No ${what} was found. Plug one in and try again; the other sense works without it.`;
    case "NotReadableError":
      return `Another program holds the ${what}. Close it there and try again.`;
    default:
      return `The ${what} did not start (${error instanceof Error ? error.message : error}). Try again.`;
  }
}
