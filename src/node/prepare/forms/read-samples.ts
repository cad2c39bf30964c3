/** The samples of a sound cell, one channel, at a rate of choice. */
import { decodeOrRefuse, refuseFile } from "../../../decode/broken-file.ts";
import { describeKind, fileKind } from "../../../decode/file-kind.ts";
import { MAX_SAMPLES } from "../../../decode/sound.ts";
import { resample } from "../../../features/index.ts";
import { decodeSoundFile } from "../../decode/ffmpeg.ts";
import { decodeWav } from "../../decode/wav.ts";
import type { FormTools } from "../form.ts";
import type { Cell } from "../item.ts";
import { wrongCell } from "./wrong-cell.ts";

/**
 * WAV files are read and resampled here; whatever else has a sound (films, too) goes through ffmpeg.
 *
 * @throws {DataFormatError} if the file is broken or has no sound
 */
export async function readSamples(
  form: string,
  cell: Cell,
  sampleRate: number,
  tools: FormTools,
): Promise<Float32Array> {
  if (!("file" in cell)) return wrongCell(form, "a file", cell);
  const bytes = await tools.read(cell.file);
  if (bytes.length === 0) refuseFile(cell.file, "a sound", describeKind(bytes));
  if (fileKind(bytes) === "wav") {
    const { samples, sampleRate: from } = await decodeWav(bytes, cell.file);
    // A header that claims 1 Hz would ask for any number of them.
    const count = Math.ceil((samples.length * sampleRate) / from);
    if (count > MAX_SAMPLES) {
      refuseFile(cell.file, `at most ${MAX_SAMPLES} samples at ${sampleRate} Hz`, `${count}`);
    }
    return decodeOrRefuse(cell.file, `a rate that can become ${sampleRate} Hz`, () =>
      resample(tools.features, samples, { from, to: sampleRate }),
    );
  }
  return (await decodeSoundFile(cell.file, sampleRate, tools.ffmpeg)).samples;
}
