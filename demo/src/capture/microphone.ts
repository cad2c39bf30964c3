import { SECONDS } from "./sound-features.ts";
import { loudness, type Waveform } from "./waveform.ts";

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

  /** The last SECONDS of sound. */
  grab(): Waveform {
    const rate = this.#context.sampleRate;
    this.#analyser.getFloatTimeDomainData(this.#window);
    return { samples: this.#window.slice(-Math.round(SECONDS * rate)), rate };
  }

  close(): void {
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#context.close();
  }
}

export function isSilent(sound: Waveform): boolean {
  return loudness(sound) < SILENCE;
}
