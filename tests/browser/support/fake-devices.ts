/** Files that Chromium plays in the place of a camera and a microphone. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is seen and heard for some seconds; the files begin again after the last. */
export interface Scene {
  readonly seconds: number;
  /** Brightness (Y) and colour (U, V) of a pixel, 0 to 255. */
  picture(x: number, y: number): readonly [number, number, number];
  /** -1 to 1, t in seconds. */
  sound(t: number): number;
}

const WIDTH = 160;
const HEIGHT = 120;
const FRAMES_PER_SECOND = 5;
const SAMPLE_RATE = 16000;

/** @returns flags for Chromium */
export async function fakeDevices(scenes: readonly Scene[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "altermodal-devices-"));
  const video = join(folder, "camera.y4m");
  const audio = join(folder, "microphone.wav");
  await writeFile(video, y4m(scenes));
  await writeFile(audio, wav(scenes));
  return [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${video}`,
    `--use-file-for-fake-audio-capture=${audio}`,
  ];
}

function y4m(scenes: readonly Scene[]): Uint8Array {
  const header = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`;
  const chunks: Uint8Array[] = [Buffer.from(header)];
  for (const { seconds, picture } of scenes) {
    const plane = (step: number, channel: 0 | 1 | 2) => {
      const [width, height] = [WIDTH / step, HEIGHT / step];
      return Uint8Array.from({ length: width * height }, (_, i) => {
        return picture((i % width) * step, Math.floor(i / width) * step)[channel];
      });
    };
    const frame = [Buffer.from("FRAME\n"), plane(1, 0), plane(2, 1), plane(2, 2)];
    for (let i = 0; i < seconds * FRAMES_PER_SECOND; i++) chunks.push(...frame);
  }
  return Buffer.concat(chunks);
}

function wav(scenes: readonly Scene[]): Uint8Array {
  const samples = scenes.flatMap(({ seconds, sound }) =>
    Array.from({ length: seconds * SAMPLE_RATE }, (_, i) => sound(i / SAMPLE_RATE)),
  );
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(SAMPLE_RATE, 24);
  bytes.writeUInt32LE(2 * SAMPLE_RATE, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, i) => {
    bytes.writeInt16LE(Math.round(32767 * sample), 44 + 2 * i);
  });
  return bytes;
}
