/** `mvsa`: tweets with a picture, to the sentiment (MVSA-Single: one annotator). */
import { fileDataset } from "../prepare/file-dataset.ts";
import { picture } from "../prepare/forms/picture.ts";
import type { Item } from "../prepare/item.ts";
import { defineFileSet } from "../prepare/set.ts";
import { readAuthorsLists } from "./authors-lists.ts";
import {
  byStem,
  listFiles,
  PICTURES,
  type Report,
  readLines,
  refuseFolder,
  stemOf,
} from "./owner-folder.ts";
import { PLAIN_TEXT, textForm } from "./text-form.ts";

const SIDE = 224;
const LABELS = "labelResultAll.txt";
const CLASSES = ["positive", "neutral", "negative"];
/** Other names belong to lists and readmes rather than to tweets. */
const ID = /^\d+$/;

export const mvsaSet = defineFileSet<"image" | "text">({
  name: "mvsa",
  title: "tweets with a picture, to three sentiments (MVSA-Single)",
  licence: "for research only; tweets and pictures: their authors'",
  source:
    "https://mcrlab.net/research/mvsa-sentiment-analysis-on-multi-view-social-data/ (MVSA-Single)",
  attribution: [
    "MVSA: T. Niu, S. Zhu, L. Pang, A. El Saddik, Sentiment Analysis on Multi-View Social Data, MMM 2016",
  ],
  version: 1,
  variants: ["merged", "agreeing"],
  splits: ["grouped", "authors"],
  forms: () => ({ image: picture({ side: SIDE }), text: PLAIN_TEXT }),
  async read({ folder, variant, split, report }) {
    const files = await listFiles("mvsa", folder);
    const labelFile = files.find((path) => /[\\/]labelresultall\.txt$/i.test(path));
    if (labelFile === undefined) {
      return refuseFolder("mvsa", folder, `${LABELS} and data/ID.jpg, data/ID.txt`);
    }
    const pictures = byStem(files, PICTURES, report);
    const texts = byStem(
      files.filter((path) => ID.test(stemOf(path))),
      [".txt"],
      report,
    );
    const lists = split === "authors" ? await readAuthorsLists(files, report) : undefined;
    const items: Item<"image" | "text">[] = [];
    const rows = await readLabels(labelFile, report);
    let left = 0;
    for (const { id, text: ofText, image: ofImage, where } of rows.values()) {
      const label = mergeLabels(ofText, ofImage, variant === "agreeing");
      const part = lists?.partOf(id);
      if (label === undefined) {
        left++;
        continue;
      }
      const [image, text] = [pictures.get(id), texts.get(id)];
      if (image === undefined) report({ where, message: `no picture data/${id}.jpg` });
      if (text === undefined) report({ where, message: `no text data/${id}.txt` });
      if (image === undefined && text === undefined) continue;
      items.push({
        id,
        group: id,
        label,
        ...(part !== undefined && { part }),
        cells: {
          image: image === undefined ? null : { file: image },
          // Some tweets were saved in another encoding than the rest.
          text: text === undefined ? null : { file: text, encoding: "windows-1252" },
        },
      });
    }
    for (const [id, path] of [...pictures, ...texts]) {
      if (ID.test(id) && !rows.has(id)) report({ where: path, message: `no line in ${LABELS}` });
    }
    lists?.reportUnused(report);
    const { form, about } = await textForm(folder);
    const rule = variant === "agreeing" ? "text and picture differ" : "text and picture contradict";
    return {
      items,
      classes: CLASSES,
      forms: { image: picture({ side: SIDE }), text: form },
      variant: `${variant}: ${items.length} tweets, ${left} left out where ${rule}; ${about}`,
    };
  },
});

export const mvsa = fileDataset(mvsaSet);

/** The usual rule: equal labels stand, neutral gives way to the other, positive against negative is left out. */
function mergeLabels(text: string, image: string, onlyEqual: boolean): string | undefined {
  if (text === image) return text;
  if (onlyEqual) return undefined;
  if (text === "neutral") return image;
  return image === "neutral" ? text : undefined;
}

interface Row {
  readonly id: string;
  readonly text: string;
  readonly image: string;
  readonly where: string;
}

/** `ID<tab>text,image` a line, below a heading. */
async function readLabels(path: string, report: Report): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  const lines = await readLines(path);
  const first = /^id\b/i.test(lines[0]?.text ?? "") ? 1 : 0;
  for (const { text: line, where } of lines.slice(first)) {
    const [id = "", text = "", image = "", ...more] = line.split(/[\s,]+/);
    const labels = [text, image].map((label) => label.toLowerCase());
    if (!ID.test(id) || more.length > 0 || labels.some((label) => !CLASSES.includes(label))) {
      const form = "ID, and a label of the text and one of the picture (MVSA-Single)";
      report({ where, message: `expected ${form}, got ${line.slice(0, 60)}` });
      continue;
    }
    const other = rows.get(id);
    if (other !== undefined) {
      report({ where, message: `${id} is listed a second time; ${other.where} is used` });
      continue;
    }
    rows.set(id, { id, text: labels[0] as string, image: labels[1] as string, where });
  }
  return rows;
}
