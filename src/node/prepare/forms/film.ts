/** Films as a few pictures, evenly spaced. */
import { decodeFrames } from "../../decode/ffmpeg.ts";
import type { DenseForm, FormChoice } from "../form.ts";
import { wrongCell } from "./wrong-cell.ts";

export interface FilmSettings {
  /** Pictures that are kept: at 0, n/count, 2n/count, ... of n; a shorter film repeats some. */
  readonly count: number;
  readonly side: number;
  /** Pictures per second that they are chosen from. */
  readonly rate: number;
}

/** [count, side, side, 3] bytes. */
export function film(settings: Partial<FilmSettings> & Pick<FilmSettings, "side">): FormChoice {
  const full: FilmSettings = { count: 3, rate: 1, ...settings };
  return { form: filmForm.name, settings: full };
}

export const filmForm: DenseForm<FilmSettings> = {
  kind: "dense",
  name: "film",
  version: 1,
  dtype: "U8",
  shape: ({ count, side }) => [count, side, side, 3],
  async read(cell, { count, side, rate }, tools) {
    if (!("file" in cell)) return wrongCell("film", "a file", cell);
    await tools.note(cell.file);
    const span = cell.span === undefined ? {} : { span: cell.span };
    const frames = await decodeFrames(cell.file, { rate, side, ...span }, tools.ffmpeg);
    const out = new Uint8Array(count * side * side * 3);
    for (let i = 0; i < count; i++) {
      const chosen = frames[Math.floor((i * frames.length) / count)];
      if (chosen !== undefined) out.set(chosen.data, i * side * side * 3);
    }
    return out;
  },
  describe: ({ count, side }) => `${count} pictures of ${side} x ${side} x 3 bytes`,
  encoder: () => ({ name: "resnet18", options: {} }),
};
