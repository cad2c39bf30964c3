import { DataError } from "../../../engine/errors.ts";
import type { Cell } from "../item.ts";

/** @throws {DataError} always: a form does not read cells of this kind */
export function wrongCell(form: string, expected: string, cell: Cell): never {
  const kind = Object.keys(cell).join(", ");
  throw new DataError(`${form}: Cannot read this cell: expected ${expected}, got ${kind}`);
}
