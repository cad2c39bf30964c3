/** Pictures of one size: decoded, cut or padded to a square, resized as Pillow does, kept as bytes. */
import { pictureKind } from "../../../decode/picture-file.ts";
import { centreCrop, type Features, type Picture, resize } from "../../../features/index.ts";
import { decodeStill } from "../../decode/ffmpeg.ts";
import { decodePicture } from "../../decode/picture.ts";
import type { DenseForm, FormChoice, FormTools } from "../form.ts";
import type { Cell } from "../item.ts";
import { wrongCell } from "./wrong-cell.ts";

export interface PictureSettings {
  /** Height and width that come out. */
  readonly side: number;
  /** 1: grey; 3: red, green, blue. */
  readonly channels: 1 | 3;
  /** `crop`: the largest square in the middle; `stretch`: all of it; `pad`: all of it, white beside. */
  readonly fit: "crop" | "stretch" | "pad";
}

/** Pictures of `side` x `side` pixels; by default in colour, cut to the square in the middle. */
export function picture(
  settings: Partial<PictureSettings> & Pick<PictureSettings, "side">,
): FormChoice {
  const full: PictureSettings = { channels: 3, fit: "crop", ...settings };
  return { form: pictureForm.name, settings: full };
}

export const pictureForm: DenseForm<PictureSettings> = {
  kind: "dense",
  name: "picture",
  version: 2,
  dtype: "U8",
  shape: ({ side, channels }) => [side, side, channels],
  async read(cell, { side, channels, fit }, tools) {
    const raw = await readPicture(cell, side, tools);
    const rgb = fitSquare(raw, side, fit, tools.features);
    return channels === 3 ? rgb : toGrey(rgb);
  },
  describe: ({ side, channels }) => `${side} x ${side} x ${channels} bytes`,
  encoder: () => ({ name: "conv", options: {} }),
};

async function readPicture(
  cell: Cell,
  side: number,
  tools: FormTools,
): Promise<Picture<Uint8Array>> {
  if ("pixels" in cell) return cell.pixels;
  if (!("file" in cell)) return wrongCell("picture", "a file or pixels", cell);
  const bytes = await tools.read(cell.file);
  // Formats that the libraries do not read: large enough for whatever is cut out of it.
  if (pictureKind(bytes) === undefined && bytes.length > 0 && isOther(cell.file)) {
    return decodeStill(cell.file, 4 * side, tools.ffmpeg);
  }
  return decodePicture(bytes, cell.file);
}

/** Names of pictures that only ffmpeg reads; a broken PNG stays a broken PNG. */
function isOther(path: string): boolean {
  return /\.(svg|gif|bmp|tiff?|avif|heic|ppm)$/i.test(path);
}

function fitSquare(
  whole: Picture<Uint8Array>,
  side: number,
  fit: PictureSettings["fit"],
  features: Features,
): Uint8Array {
  const square = { width: side, height: side };
  if (fit === "stretch") return resize(features, whole, square).data;
  if (fit === "crop") {
    const middle = centreCrop(whole, Math.min(whole.width, whole.height));
    return resize(features, middle, square).data;
  }
  const longest = Math.max(whole.width, whole.height);
  const width = Math.max(1, Math.floor((whole.width / longest) * side + 0.5));
  const height = Math.max(1, Math.floor((whole.height / longest) * side + 0.5));
  const inner = resize(features, whole, { width, height }).data;
  const out = new Uint8Array(side * side * 3).fill(255);
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  for (let y = 0; y < height; y++) {
    const row = inner.subarray(y * width * 3, (y + 1) * width * 3);
    out.set(row, ((top + y) * side + left) * 3);
  }
  return out;
}

/** Luma of ITU-R BT.601 in 16-bit fixed point, as Pillow has it. */
function toGrey(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < grey.length; i++) {
    const [r, g, b] = [rgb[3 * i] as number, rgb[3 * i + 1] as number, rgb[3 * i + 2] as number];
    grey[i] = (r * 19595 + g * 38470 + b * 7471 + 32768) >> 16;
  }
  return grey;
}
