import { SECONDS } from "./sound-features.ts";

/** Below this root mean square (of 1) a sound is silence. */
const SILENCE = 0.004;
/** The largest that an analyser can have: 0.68 s at 48 kHz. */
const WINDOW = 32768;

/** A microphone's stream, and the last moment of sound from it. */
export class Microphone {
  readonly #stream: MediaStream;
  readonly #context = new AudioContext();
  readonly #analyser: AnalyserNode;
  readonly #window = new Float32Array(WINDOW);

  constructor(stream: MediaStream) {
    this.#stream = stream;
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = WINDOW;
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
    this.#context.resume().catch(() => undefined);
  }

  get sampleRate(): number {
    return this.#context.sampleRate;
  }

  /** The last SECONDS of sound, in [-1, 1]. */
  grab(): Float32Array {
    this.#analyser.getFloatTimeDomainData(this.#window);
    return this.#window.slice(-Math.round(SECONDS * this.sampleRate));
  }

  close(): void {
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#context.close();
  }
}

/** Root mean square. */
export function loudness(waveform: Float32Array): number {
  let squares = 0;
  for (const x of waveform) squares += x * x;
  return Math.sqrt(squares / Math.max(1, waveform.length));
}

export function isSilent(waveform: Float32Array): boolean {
  return loudness(waveform) < SILENCE;
}
