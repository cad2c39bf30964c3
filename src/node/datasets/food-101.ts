/** `food-101`: pictures of 101 dishes and the titles of the pages they come from (UPMC Food-101). */
import { basename, dirname, extname, join } from "node:path";
import type { Part } from "../../data/split.ts";
import { csv } from "../decode/libraries.ts";
import { fileDataset } from "../prepare/file-dataset.ts";
import { picture } from "../prepare/forms/picture.ts";
import type { Item } from "../prepare/item.ts";
import { defineFileSet } from "../prepare/set.ts";
import { partNamed } from "./authors-lists.ts";
import {
  byStem,
  foldersOf,
  listFiles,
  PICTURES,
  type Report,
  readLines,
  readTextFile,
  refuseFolder,
  stemOf,
} from "./owner-folder.ts";
import { PLAIN_TEXT, textForm } from "./text-form.ts";

const SIDE = 224;
/** `train.jsonl`, `train_titles.csv`; the first group is the part. */
const LISTS = {
  json: /^(train|dev|val|test)\.jsonl$/i,
  titles: /^(train|dev|val|test)_titles\.(?:csv|txt)$/i,
};

interface Row {
  readonly file: string;
  readonly text: string;
  readonly label: string;
  readonly part: Part;
  /** `file:line`. */
  readonly where: string;
}

export const food101Set = defineFileSet<"image" | "text">({
  name: "food-101",
  title: "pictures and page titles of dishes, to 101 kinds",
  licence: "for research only (UPMC); pictures: their owners'",
  source:
    "https://visiir.isir.upmc.fr (UPMC Food-101: images/, texts/), or its train/dev/test.jsonl",
  attribution: [
    "UPMC Food-101: X. Wang, D. Kumar, N. Thome, M. Cord, F. Precioso, Recipe recognition with large multimodal food dataset, ICMEW 2015",
    "Food-101: L. Bossard, M. Guillaumin, L. Van Gool, ECCV 2014",
  ],
  version: 1,
  splits: ["authors", "grouped"],
  forms: () => ({ image: picture({ side: SIDE }), text: PLAIN_TEXT }),
  async read({ folder, report }) {
    const files = await listFiles("food-101", folder);
    const rows = await readRows(files, report);
    if (rows.length === 0) {
      await refuseFolder(
        "food-101",
        folder,
        "texts/train_titles.csv and texts/test_titles.csv with images/train/CLASS/*.jpg, or train.jsonl and test.jsonl,",
      );
    }
    const pictures = byStem(files, PICTURES, report);
    const exact = new Set(files);
    const items: Item<"image" | "text">[] = [];
    const first = new Map<string, string>();
    for (const { file, text, label, part, where } of rows) {
      const id = stemOf(file);
      const key = id.toLowerCase();
      const other = first.get(key);
      if (other !== undefined) {
        report({ where, message: `${id} is listed a second time; ${other} is used` });
        continue;
      }
      first.set(key, where);
      const direct = join(folder, file);
      const image = exact.has(direct) ? direct : pictures.get(key);
      if (image === undefined) report({ where, message: `no picture ${file}` });
      if (text === "") report({ where, message: "no text" });
      items.push({
        id,
        group: id,
        label,
        part,
        cells: {
          image: image === undefined ? null : { file: image },
          text: text === "" ? null : { text },
        },
      });
    }
    for (const [key, path] of pictures) {
      if (first.has(key)) continue;
      report({ where: path, message: "a picture without a text" });
      const part = foldersOf(folder, path).map(partNamed).find(Boolean);
      items.push({
        id: stemOf(path),
        group: stemOf(path),
        label: basename(dirname(path)),
        ...(part !== undefined && { part }),
        cells: { image: { file: path } },
      });
    }
    const { form, about } = await textForm(folder);
    const classes = [...new Set(rows.map(({ label }) => label))].sort();
    return {
      items,
      classes,
      forms: { image: picture({ side: SIDE }), text: form },
      variant: `${classes.length} classes, ${items.length} pairs; ${about}`,
    };
  },
});

export const food101 = fileDataset(food101Set);

/** The rows of the lists with keys, or of the tables of titles where there are none. */
async function readRows(files: readonly string[], report: Report): Promise<Row[]> {
  for (const [kind, pattern] of Object.entries(LISTS)) {
    const rows: Row[] = [];
    for (const path of files) {
      const part = partNamed(pattern.exec(basename(path))?.[1] ?? "");
      if (part === undefined) continue;
      rows.push(
        ...(kind === "json"
          ? await readJsonLines(path, part, report)
          : await readTitles(path, part, report)),
      );
    }
    if (rows.length > 0) return rows;
  }
  return [];
}

/** `{"id": ..., "text": ..., "img": "images/train/CLASS/FILE.jpg", "label": "CLASS"}` a line. */
async function readJsonLines(path: string, part: Part, report: Report): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { text: line, where } of await readLines(path)) {
    let value: Partial<Record<"text" | "img" | "label", unknown>> | null;
    try {
      value = JSON.parse(line);
    } catch (error) {
      report({ where, message: `expected JSON: ${(error as Error).message}` });
      continue;
    }
    const { text, img, label } = value ?? {};
    if (typeof img !== "string" || typeof label !== "string") {
      report({ where, message: `expected "img" and "label", got ${line.slice(0, 60)}` });
      continue;
    }
    rows.push({ file: img, text: typeof text === "string" ? text.trim() : "", label, part, where });
  }
  return rows;
}

/** `FILE.jpg,title,CLASS` a row; a title with commas may stand without quotes. */
async function readTitles(path: string, part: Part, report: Report): Promise<Row[]> {
  const rows: Row[] = [];
  const { rows: lines, errors } = csv(await readTextFile(path), ",");
  for (const { line, message } of errors) report({ where: `${path}:${line}`, message });
  for (const { line, cells } of lines) {
    const where = `${path}:${line}`;
    const [file, label] = [cells[0]?.trim() ?? "", cells.at(-1)?.trim() ?? ""];
    if (cells.length < 3 || extname(file) === "" || label === "") {
      report({ where, message: `expected FILE,TITLE,CLASS, got ${cells.join(",").slice(0, 60)}` });
      continue;
    }
    rows.push({ file, text: cells.slice(1, -1).join(",").trim(), label, part, where });
  }
  return rows;
}
