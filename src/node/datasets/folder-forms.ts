/** What becomes of each modality of a user's data, by what its cells are. */
import { readFile } from "node:fs/promises";
import { DataError } from "../../engine/errors.ts";
import { readNumbers } from "../decode/numbers.ts";
import type { FormChoice } from "../prepare/form.ts";
import { film } from "../prepare/forms/film.ts";
import { picture } from "../prepare/forms/picture.ts";
import { sound } from "../prepare/forms/sound.ts";
import { vector } from "../prepare/forms/vector.ts";
import { words } from "../prepare/forms/words.ts";
import type { Cell, Item } from "../prepare/item.ts";

const EXTENSIONS = {
  image: "png jpg jpeg webp gif bmp svg tif tiff avif",
  sound: "wav mp3 ogg flac m4a opus aac",
  video: "mp4 flv avi mov mkv webm mpg",
  text: "txt",
  vector: "npy npz safetensors csv",
};

export type FileKindName = keyof typeof EXTENSIONS;

/** By the end of the name; undefined if it is that of no file that is read. */
export function kindOfFile(path: string): FileKindName | undefined {
  const end = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase();
  const kinds = Object.keys(EXTENSIONS) as FileKindName[];
  return kinds.find((kind) => end !== undefined && EXTENSIONS[kind].split(" ").includes(end));
}

/** Texts of fewer samples keep every word. */
const FEW = 100;

/** @throws {DataError} if the cells of a modality are of several kinds */
export async function chooseForms(items: readonly Item[]): Promise<Record<string, FormChoice>> {
  const names = new Set(items.flatMap(({ cells }) => Object.keys(cells)));
  const forms: Record<string, FormChoice> = {};
  for (const name of names) {
    const cells = items
      .map((item) => item.cells[name])
      .filter((cell) => cell !== null && cell !== undefined);
    const kinds = new Set(cells.map(kindOfCell));
    const [kind] = kinds;
    // A column without a value is none.
    if (kind === undefined) continue;
    // A text may look like a number or a file; where others are texts, it is one.
    if (kinds.size > 1) {
      throw new DataError(
        `folder: Cannot read modality "${name}": expected cells of one kind, got ${[...kinds].join(", ")}`,
      );
    }
    forms[name] = await formOf(kind, cells, items.length);
  }
  return forms;
}

function kindOfCell(cell: Cell): FileKindName {
  if ("text" in cell) return "text";
  if ("file" in cell) return kindOfFile(cell.file) ?? "text";
  return "numbers" in cell ? "vector" : "image";
}

async function formOf(
  kind: FileKindName,
  cells: readonly Cell[],
  size: number,
): Promise<FormChoice> {
  if (kind === "image") return picture({ side: 64 });
  if (kind === "sound") return sound({ bands: 32, frames: 96, hopMs: 32, frameMs: 32 });
  if (kind === "video") return film({ side: 64 });
  if (kind === "text") return words({ minimum: size < FEW ? 1 : 2 });
  return vector({ length: await commonLength(cells) });
}

/** That of the first vector that can be read. */
async function commonLength(cells: readonly Cell[]): Promise<number> {
  for (const cell of cells) {
    if ("numbers" in cell) return cell.numbers.length;
    if (!("file" in cell)) continue;
    try {
      const bytes = await readFile(cell.file);
      return (await readNumbers(bytes, cell.file, cell.entry)).values.length;
    } catch {
      // Told with all others when it is prepared.
    }
  }
  throw new DataError("folder: Cannot read the vectors: expected a readable one, got none");
}
