/**
 * `stamps`: pictures, English names and recorded spoken names of the stamps of Tux Paint, to eleven groups of things. Three
 * real modalities; who speaks is one reader per language.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { relative, sep } from "node:path";
import { splitWords } from "../../data/words.ts";
import { DataError } from "../../engine/errors.ts";
import { fileDataset } from "../prepare/file-dataset.ts";
import { picture } from "../prepare/forms/picture.ts";
import { sound } from "../prepare/forms/sound.ts";
import { words } from "../prepare/forms/words.ts";
import type { Item } from "../prepare/item.ts";
import { defineFileSet } from "../prepare/set.ts";
import { listFiles } from "./owner-folder.ts";

/** Where Debian puts them. */
const DEBIAN = "/usr/share/tuxpaint/stamps";
/** Groups with fewer stamps are left out. */
const FEWEST = 20;
/** Names of the groups, and words that by themselves mark most of one: with them the text would hold the answer. */
const REMOVED = [
  ...["animal", "animals", "clothes", "clothing", "food", "household", "people", "person"],
  ...["plant", "plants", "seasonal", "space", "symbol", "symbols", "town", "towns", "vehicle"],
  ...["vehicles", "letter", "letters", "uppercase", "lowercase", "number", "numbers"],
  ...["planet", "planets", "our", "solar", "system", "flower", "flowers", "truck", "trucks"],
];

export const stampsSet = defineFileSet<"image" | "words" | "speech">({
  name: "stamps",
  title: "pictures, names and spoken names of Tux Paint's stamps, 11 groups of things",
  licence: "GPL-2 (Tux Paint Stamps)",
  source: "Debian: apt install tuxpaint-stamps-default; else https://tuxpaint.org/stamps/",
  attribution: [
    "Tux Paint Stamps: pictures, names and recordings by its contributors, GPL-2, https://tuxpaint.org/stamps/",
  ],
  version: 1,
  variants: ["fr", "ru", "ro", "ca", "bg", "es", "be", "el"],
  splits: ["grouped"],
  fractions: { train: 6, validation: 2, test: 2 },
  forms: () => ({
    image: picture({ side: 48, fit: "pad" }),
    words: words({ removed: REMOVED }),
    speech: sound({ bands: 32, frames: 64, hopMs: 32, frameMs: 32, trim: 0.02 }),
  }),
  find: () => (existsSync(DEBIAN) ? DEBIAN : undefined),
  async read({ folder, variant, report }) {
    const paths = await listFiles("stamps", folder);
    const all = new Set(paths);
    const items: Item<"image" | "words" | "speech">[] = [];
    for (const path of paths) {
      if (!path.endsWith(".txt")) continue;
      const base = path.slice(0, -".txt".length);
      const id = relative(folder, base).split(sep).join("/");
      const [group] = id.split("/");
      const name = (await readFile(path, "utf8")).split(/\r?\n/)[0]?.trim() ?? "";
      if (name === "" || group === undefined || group === id) {
        report({
          where: `${path}:1`,
          message: "expected an English name in the folder of a group",
        });
        continue;
      }
      const image = [`${base}.png`, `${base}.svg`].find((file) => all.has(file));
      const speech = `${base}_desc_${variant}.ogg`;
      items.push({
        id,
        // The same words name the same thing, also where it is drawn twice.
        group: splitWords(name).join(" "),
        label: group,
        cells: {
          image: image === undefined ? null : { file: image },
          words: { text: name },
          speech: all.has(speech) ? { file: speech } : null,
        },
      });
    }
    if (items.length === 0) {
      throw new DataError(
        `stamps: Cannot find the stamps: expected GROUP/.../NAME.txt in ${folder}, got none`,
      );
    }
    const sizes = new Map<string, number>();
    for (const { label } of items) sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const kept = items.filter(({ label }) => (sizes.get(label) ?? 0) >= FEWEST);
    return {
      items: kept,
      variant: `${kept.length} stamps in groups of at least ${FEWEST}, spoken names in language "${variant}"`,
    };
  },
});

export const stamps = fileDataset(stampsSet);
