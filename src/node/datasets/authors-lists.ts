/** Lists of which sample is in which part, as authors publish them: a sample a line, its file first and its class last. */
import { basename, extname } from "node:path";
import type { Part } from "../../data/split.ts";
import { type Line, type Report, readLines } from "./owner-folder.ts";

/** `my_train_cre.txt`, `train.csv`, `dev.txt`, `my_test.txt`. */
const NAME = /^(?:my_)?(train|dev|val|valid|validation|validate|test)(?:_[a-z]+)?\.(?:txt|csv)$/i;
/** What separates fields in one or another of the lists. */
const SEPARATOR = /\s*\[split\|sign\]\s*|\s*[,\t]\s*|\s+/;

export function partNamed(name: string): Part | undefined {
  const known = name.toLowerCase();
  if (known === "train" || known === "test") return known;
  return ["dev", "val", "valid", "validation", "validate"].includes(known)
    ? "validation"
    : undefined;
}

interface Listed extends Pick<Line, "where"> {
  readonly part: Part;
}

export interface AuthorsLists {
  /** Undefined if no list has a sample of this key. */
  partOf(key: string): Part | undefined;
  /** Notes the lines whose sample nobody asked for: an annotation without file. */
  reportUnused(report: Report): void;
}

/**
 * Reads the lists among some files.
 *
 * @param keyOf - from a file's name without extension to what {@link AuthorsLists.partOf} is asked
 */
export async function readAuthorsLists(
  files: readonly string[],
  report: Report,
  keyOf: (stem: string) => string = (stem) => stem.toLowerCase(),
): Promise<AuthorsLists> {
  const listed = new Map<string, Listed>();
  for (const path of files) {
    const part = partNamed(NAME.exec(basename(path))?.[1] ?? "");
    if (part === undefined) continue;
    for (const { text, where } of await readLines(path)) {
      const file = text.split(SEPARATOR)[0] as string;
      const key = keyOf(basename(file, extname(file)));
      const other = listed.get(key);
      if (other === undefined) listed.set(key, { part, where });
      else report({ where, message: `${file} is listed a second time; ${other.where} is used` });
    }
  }
  const used = new Set<string>();
  return {
    partOf(key) {
      used.add(key);
      return listed.get(key)?.part;
    },
    reportUnused(tell) {
      for (const [key, { where }] of listed) {
        if (!used.has(key)) tell({ where, message: "listed, but there is no such sample" });
      }
    },
  };
}
