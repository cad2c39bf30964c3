/** `folder`: a user's own data, as a list (CSV or JSONL) whose columns name modalities, or as a folder per class. */
import { readdir } from "node:fs/promises";
import { basename, extname, join, resolve, sep } from "node:path";
import type { Part } from "../../data/split.ts";
import { DataError } from "../../engine/errors.ts";
import { cleanName } from "../clean-name.ts";
import { fileDataset } from "../prepare/file-dataset.ts";
import type { Cell, Item } from "../prepare/item.ts";
import { defineFileSet, type ReadContext } from "../prepare/set.ts";
import { chooseForms, kindOfFile } from "./folder-forms.ts";
import { readRows } from "./folder-rows.ts";

const LISTS = [".csv", ".jsonl"];
/** Columns that are no modalities. */
const OWN_COLUMNS = ["id", "label", "group", "split"];
const PART_OF: Readonly<Record<string, Part>> = {
  train: "train",
  training: "train",
  validation: "validation",
  valid: "validation",
  val: "validation",
  dev: "validation",
  test: "test",
};

export const folderSet = defineFileSet<string>({
  name: "folder",
  title: "your own data: a CSV or JSONL list whose columns name modalities, or a folder per class",
  licence: "yours",
  source: "your disk; docs/data.md says how to lay it out",
  attribution: [],
  version: 1,
  splits: ["grouped", "authors"],
  nameAfter: (folder) => cleanName(basename(resolve(folder))),
  forms: () => ({}),
  async read(context) {
    const entries = await readdir(context.folder, { withFileTypes: true }).catch((error) => {
      throw new DataError(
        `folder: Cannot open the folder: expected ${context.folder}, got ${error.code}`,
      );
    });
    const lists = entries.filter(({ name }) => LISTS.includes(extname(name).toLowerCase()));
    if (lists.length > 1) {
      throw new DataError(
        `folder: Cannot choose a list: expected one CSV or JSONL file in ${context.folder}, got ${lists.map(({ name }) => name).join(", ")}`,
      );
    }
    const [list] = lists;
    const items = list
      ? await readList(context, list.name)
      : await readFolders(context, "", undefined);
    if (items.length === 0) {
      throw new DataError(
        `folder: Cannot find samples: expected a CSV or JSONL list, or a folder per class, in ${context.folder}, got none`,
      );
    }
    const forms = await chooseForms(items);
    return { items, forms, variant: `${items.length} samples of ${list?.name ?? "folders"}` };
  },
});

export const folder = fileDataset(folderSet);

async function readList({ folder: root, report }: ReadContext, name: string): Promise<Item[]> {
  const items: Item[] = [];
  for (const { line, values } of await readRows(join(root, name), name, report)) {
    const where = `${name}:${line}`;
    const text = (column: string) => `${values[column] ?? ""}`.trim();
    const label = text("label");
    const split = text("split").toLowerCase();
    const part = PART_OF[split];
    if (label === "") {
      report({ where, message: 'expected a "label", got none' });
      continue;
    }
    if (split !== "" && part === undefined) {
      report({
        where,
        message: `expected a split of ${Object.keys(PART_OF).join(", ")}, got "${split}"`,
      });
      continue;
    }
    try {
      const cells = Object.fromEntries(
        Object.entries(values)
          .filter(([column]) => !OWN_COLUMNS.includes(column))
          .map(([column, value]) => [column, toCell(value, root)]),
      );
      const id = text("id") || `${line}`;
      items.push({ id, group: text("group") || id, label, cells, where, ...(part && { part }) });
    } catch (error) {
      report({ where, message: (error as Error).message });
    }
  }
  return items;
}

/** A list of numbers, the path of a file in the folder (`features.npy#12`: a row or name in it), or a text. */
function toCell(value: unknown, root: string): Cell | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "number") return { numbers: Float32Array.of(value) };
  if (Array.isArray(value)) return toNumbers(value);
  if (typeof value !== "string")
    throw new DataError(`expected a text, numbers or null, got ${typeof value}`);
  const tokens = value.trim().split(/[\s;]+/);
  if (tokens.every((token) => token !== "" && Number.isFinite(Number(token))))
    return toNumbers(tokens.map(Number));
  const [path = "", entry] = value.split("#");
  if (kindOfFile(path) === undefined) return { text: value };
  const file = resolve(root, path);
  if (!file.startsWith(`${resolve(root)}${sep}`)) {
    throw new DataError(`expected a path inside the folder, got "${path}"`);
  }
  return { file, ...(entry !== undefined && { entry }) };
}

function toNumbers(values: readonly unknown[]): Cell {
  if (!values.every((value) => typeof value === "number" && Number.isFinite(value))) {
    throw new DataError("expected finite numbers, got others in a list");
  }
  return { numbers: Float32Array.from(values as number[]) };
}

/** `CLASS/NAME.*` or `PART/CLASS/NAME.*`: files of one name are the modalities of one sample. */
async function readFolders(
  context: ReadContext,
  inner: string,
  part: Part | undefined,
): Promise<Item[]> {
  const root = join(context.folder, inner);
  const items: Item[] = [];
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isDirectory()) {
      context.report({ where: join(inner, name), message: "expected folders of classes only" });
      continue;
    }
    const own = part === undefined ? PART_OF[name.toLowerCase()] : undefined;
    if (own !== undefined) items.push(...(await readFolders(context, name, own)));
    else items.push(...(await readClass(context, join(inner, name), name, part)));
  }
  return items;
}

async function readClass(
  { folder: root, report }: ReadContext,
  path: string,
  label: string,
  part: Part | undefined,
): Promise<Item[]> {
  const samples = new Map<string, Record<string, Cell>>();
  for (const name of (await readdir(join(root, path))).sort()) {
    const kind = kindOfFile(name);
    const id = join(path, name.slice(0, -extname(name).length));
    const cells = samples.get(id) ?? {};
    if (kind === undefined || kind in cells) {
      const message =
        kind === undefined ? "a file of no known kind" : `a second ${kind} of one sample`;
      report({ where: join(path, name), message });
      continue;
    }
    samples.set(id, { ...cells, [kind]: { file: join(root, path, name) } });
  }
  return [...samples].map(([id, cells]) => ({
    id,
    group: id,
    label,
    cells,
    ...(part && { part }),
  }));
}
