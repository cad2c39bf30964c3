import { DataFormatError } from "../../engine/errors.ts";
import type { FormTools } from "./form.ts";
import { wrongCell } from "./forms/wrong-cell.ts";
import type { Cell } from "./item.ts";

/** Most bytes of a file of text. */
const MAX_BYTES = 10_000_000;

/** The text of a cell: its own, or a file's in UTF-8 (else in the cell's encoding), without a byte order mark. */
export async function readText(cell: Cell, tools: FormTools): Promise<string> {
  if ("text" in cell) return cell.text;
  if (!("file" in cell)) return wrongCell("text", "a text or a file", cell);
  const bytes = await tools.read(cell.file);
  if (bytes.length > MAX_BYTES) {
    throw new DataFormatError(
      `${cell.file}: Cannot read the text: expected at most ${MAX_BYTES} bytes, got ${bytes.length}`,
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    if (cell.encoding !== undefined) return new TextDecoder(cell.encoding).decode(bytes);
    throw new DataFormatError(
      `${cell.file}: Cannot read the text: expected UTF-8, got other bytes`,
    );
  }
}
