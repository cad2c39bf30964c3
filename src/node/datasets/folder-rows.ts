/** Rows of a list: CSV with a header, or a JSON object per line. */
import { readFile } from "node:fs/promises";
import { DataFormatError } from "../../engine/errors.ts";
import { csv } from "../decode/libraries.ts";
import type { Problem } from "../prepare/item.ts";

export interface Row {
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * The rows that can be read; the others are reported by line.
 *
 * @throws {DataFormatError} if the text is no UTF-8, or a CSV has no header or names a column twice
 */
export async function readRows(
  path: string,
  name: string,
  report: (problem: Problem) => void,
): Promise<Row[]> {
  let text: string;
  try {
    // The decoder drops a byte order mark.
    text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch {
    throw new DataFormatError(`${name}: Cannot read the list: expected UTF-8, got other bytes`);
  }
  return /\.jsonl$/i.test(name) ? jsonRows(text, name, report) : csvRows(text, name, report);
}

function jsonRows(text: string, name: string, report: (problem: Problem) => void): Row[] {
  return text.split(/\r?\n/).flatMap((content, i) => {
    if (content.trim() === "") return [];
    try {
      const values = JSON.parse(content);
      if (typeof values === "object" && values !== null && !Array.isArray(values)) {
        return [{ line: i + 1, values }];
      }
    } catch {
      // Falls through to the one message for both cases.
    }
    report({ where: `${name}:${i + 1}`, message: "expected a JSON object" });
    return [];
  });
}

function csvRows(text: string, name: string, report: (problem: Problem) => void): Row[] {
  const { rows, errors } = csv(text);
  const [header, ...body] = rows;
  const columns = header?.cells.map((cell) => cell.trim()) ?? [];
  const repeated = columns.find((column, i) => columns.indexOf(column) !== i);
  if (!columns.includes("label") || repeated !== undefined) {
    throw new DataFormatError(
      `${name}:${header?.line ?? 1}: Cannot read the header: expected each column once, and "label", got ${columns.join(", ") || "none"}`,
    );
  }
  for (const { line, message } of errors) report({ where: `${name}:${line}`, message });
  const broken = new Set(errors.map(({ line }) => line));
  return body.flatMap(({ line, cells }) => {
    if (broken.has(line)) return [];
    if (cells.length !== columns.length) {
      report({
        where: `${name}:${line}`,
        message: `expected ${columns.length} cells, got ${cells.length}`,
      });
      return [];
    }
    return [{ line, values: Object.fromEntries(columns.map((column, i) => [column, cells[i]])) }];
  });
}
