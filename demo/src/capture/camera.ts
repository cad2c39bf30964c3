import { SIDE } from "./pair.ts";
import { pixelContext, readPixels } from "./pixels.ts";

/** Below this deviation of the brightness (of 255) a picture shows nothing: a covered lens, a dark room. */
const DARK = 6;

/** A camera's stream, and small square pictures from it. */
export class Camera {
  readonly stream: MediaStream;
  readonly #video = document.createElement("video");
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor(stream: MediaStream) {
    this.stream = stream;
    this.#video.srcObject = stream;
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.play().catch(() => undefined);
    this.#context = pixelContext();
    this.#context.imageSmoothingQuality = "high";
  }

  /** [SIDE, SIDE, 3] from the middle of what is seen now; null before the first picture. */
  grab(): Uint8Array | null {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (width === 0) return null;
    const side = Math.min(width, height);
    const [left, top] = [(width - side) / 2, (height - side) / 2];
    this.#context.drawImage(this.#video, left, top, side, side, 0, 0, SIDE, SIDE);
    return readPixels(this.#context);
  }

  close(): void {
    for (const track of this.stream.getTracks()) track.stop();
    this.#video.srcObject = null;
  }
}

/** Whether a picture shows next to nothing. */
export function isDark(picture: Uint8Array): boolean {
  let sum = 0;
  let squares = 0;
  for (const value of picture) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / picture.length;
  return Math.sqrt(Math.max(0, squares / picture.length - mean * mean)) < DARK;
}
