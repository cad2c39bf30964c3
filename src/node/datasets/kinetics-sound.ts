/** `kinetics-sound`: ten-second clips of Kinetics-400 whose action is seen and heard. */
import { basename, dirname, extname } from "node:path";
import type { Part } from "../../data/split.ts";
import { csv } from "../decode/libraries.ts";
import { fileDataset } from "../prepare/file-dataset.ts";
import { film } from "../prepare/forms/film.ts";
import { filterbank } from "../prepare/forms/filterbank.ts";
import { spectrogram } from "../prepare/forms/spectrogram.ts";
import type { Item } from "../prepare/item.ts";
import { defineFileSet } from "../prepare/set.ts";
import { type AuthorsLists, partNamed, readAuthorsLists } from "./authors-lists.ts";
import { CLASS_LISTS, className } from "./kinetics-sound-classes.ts";
import {
  byStem,
  FILMS,
  foldersOf,
  listFiles,
  type Report,
  readTextFile,
  refuseFolder,
  SOUNDS,
  stemOf,
} from "./owner-folder.ts";

/** Of a frame, in pixels. */
const SIDE = 224;

export const kineticsSoundSet = defineFileSet<"audio" | "video">({
  name: "kinetics-sound",
  title: "clips of Kinetics-400, sound and film, to 31 actions",
  licence: "annotations CC BY 4.0 (Google); clips: their uploaders', terms of YouTube",
  source:
    "https://github.com/cvdfoundation/kinetics-dataset (k400; only the folders of the classes are needed)",
  attribution: [
    "Kinetics-Sound: R. Arandjelovic, A. Zisserman, Look, Listen and Learn, ICCV 2017; Kinetics-400: W. Kay and others, 2017, annotations CC BY 4.0",
  ],
  version: 1,
  variants: ["31", "31-transformer", "32", "34", "folders"],
  splits: ["grouped", "authors"],
  forms: (variant) => ({
    audio: variant.endsWith("-transformer") ? filterbank() : spectrogram(),
    video: film({ side: SIDE }),
  }),
  async read({ folder, variant, split, report }) {
    const files = await listFiles("kinetics-sound", folder);
    const films = byStem(files, FILMS, report);
    const sounds = byStem(files, SOUNDS, report);
    const annotations = await readAnnotations(files, report);
    const lists = split === "authors" ? await readAuthorsLists(files, report, clipKey) : undefined;
    const wanted = CLASS_LISTS[variant.split("-")[0] as string];
    const items: Item<"audio" | "video">[] = [];
    let others = 0;
    for (const [stem, video] of films) {
      const key = clipKey(stemOf(video));
      const note = annotations.get(key);
      note?.use();
      const label = note?.label ?? folderClass(folder, video);
      if (label === undefined) {
        report({ where: video, message: "expected a folder or a list that names its class" });
        continue;
      }
      if (wanted && !wanted.includes(label)) {
        others++;
        continue;
      }
      const part = lists && partOf(lists, key, folder, video, note?.part);
      items.push({
        id: key,
        group: key.slice(0, ID_LENGTH),
        label,
        ...(part !== undefined && { part }),
        cells: { audio: { file: sounds.get(stem) ?? video }, video: { file: video } },
      });
    }
    lists?.reportUnused(report);
    const classes = [...new Set(items.map(({ label }) => label))].sort();
    if (classes.length === 0) {
      await refuseFolder(
        "kinetics-sound",
        folder,
        "CLASS/ID_START_END.mp4 (such as playing_guitar/-3Mwkq-7TV4_000002_000012.mp4), with classes of the list,",
      );
    }
    const absent = (wanted ?? []).filter((label) => !classes.includes(label));
    if (absent.length > 0) {
      report({ where: "classes", message: `no clip of ${absent.length}: ${absent.join(", ")}` });
    }
    for (const note of annotations.values()) {
      if (!note.used && (wanted ?? classes).includes(note.label)) {
        report({ where: note.where, message: "annotated, but there is no such clip" });
      }
    }
    const of = wanted
      ? `${classes.length} of ${wanted.length} classes`
      : `${classes.length} classes`;
    return {
      items: testFromValidation(items),
      classes,
      variant: `${variant}: ${of}, ${items.length} clips; ${others} clips of other classes left out`,
    };
  },
});

export const kineticsSound = fileDataset(kineticsSoundSet);

/** The class that a clip's folder names; one that only names a part, or the download itself, names none. */
function folderClass(folder: string, path: string): string | undefined {
  const inner = dirname(path);
  if (inner === folder || partNamed(basename(inner)) !== undefined) return undefined;
  return className(basename(inner));
}

/** Characters of a film's name at its owner's. */
const ID_LENGTH = 11;

/** `ID_START`, whether the name has leading zeros and an end (`ID_000002_000012`) or not (`ID_2`); `ID` where it has no start. */
function clipKey(stem: string): string {
  const [, id = stem, start] = /^(.{11})_(\d+)(?:_\d+)?$/.exec(stem) ?? [];
  return start === undefined ? id : `${id}_${Number(start)}`;
}

interface Annotation {
  readonly label: string;
  readonly part: Part | undefined;
  readonly where: string;
  used: boolean;
  use(): void;
}

/** The owner's tables: columns label, youtube_id, time_start, and maybe split. */
async function readAnnotations(
  files: readonly string[],
  report: Report,
): Promise<Map<string, Annotation>> {
  const found = new Map<string, Annotation>();
  for (const path of files.filter((file) => extname(file).toLowerCase() === ".csv")) {
    const { rows } = csv(await readTextFile(path));
    const head = (rows[0]?.cells ?? []).map((cell) => cell.trim().toLowerCase());
    const column = (name: string) => head.indexOf(name);
    if (column("youtube_id") < 0 || column("label") < 0) continue;
    for (const { line, cells } of rows.slice(1)) {
      const cell = (name: string) => cells[column(name)]?.trim() ?? "";
      const [id, start, label] = [cell("youtube_id"), cell("time_start"), cell("label")];
      const where = `${path}:${line}`;
      if (id === "" || label === "") {
        report({ where, message: "expected a label and an id" });
        continue;
      }
      const key = start === "" ? id : clipKey(`${id}_${start}`);
      const other = found.get(key);
      if (other !== undefined) {
        report({ where, message: `${key} is listed a second time; ${other.where} is used` });
        continue;
      }
      const note: Annotation = {
        label: className(label),
        part: partNamed(cell("split")),
        where,
        used: false,
        use() {
          note.used = true;
        },
      };
      found.set(key, note);
    }
  }
  return found;
}

/** As a list says, else as the owner's table or the folders do. */
function partOf(
  lists: AuthorsLists,
  key: string,
  folder: string,
  path: string,
  annotated: Part | undefined,
): Part | undefined {
  return (
    lists.partOf(key) ??
    annotated ??
    foldersOf(folder, path)
      .map(partNamed)
      .find((part) => part)
  );
}

/** The owner's test part has no labels in older releases; its validation part is then what everyone tests on. */
function testFromValidation<M extends string>(items: readonly Item<M>[]): Item<M>[] {
  if (items.some(({ part }) => part === "test")) return [...items];
  return items.map((item) => (item.part === "validation" ? { ...item, part: "test" } : item));
}
