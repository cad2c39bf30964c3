/** Feature vectors of any model, and other numbers of one length. */
import { readNumbers } from "../../decode/numbers.ts";
import type { DenseForm, FormChoice } from "../form.ts";
import { wrongCell } from "./wrong-cell.ts";

export interface VectorSettings {
  readonly length: number;
}

/** Vectors of `length` numbers; arrays of more axes are taken row by row. */
export function vector(settings: VectorSettings): FormChoice {
  return { form: vectorForm.name, settings };
}

export const vectorForm: DenseForm<VectorSettings> = {
  kind: "dense",
  name: "vector",
  version: 1,
  dtype: "F32",
  shape: ({ length }) => [length],
  async read(cell, _settings, tools) {
    if ("numbers" in cell) return cell.numbers;
    if (!("file" in cell)) return wrongCell("vector", "a file or numbers", cell);
    return (await readNumbers(await tools.read(cell.file), cell.file, cell.entry)).values;
  },
  describe: ({ length }) => `${length} numbers`,
  encoder: () => ({ name: "mlp", options: {} }),
};
