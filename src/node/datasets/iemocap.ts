/** `iemocap`: pairs of actors in five sessions, each utterance with sound, film and words, to the emotion. */
import { basename, extname } from "node:path";
import { fileDataset } from "../prepare/file-dataset.ts";
import { film } from "../prepare/forms/film.ts";
import { filterbank } from "../prepare/forms/filterbank.ts";
import type { Item } from "../prepare/item.ts";
import { defineFileSet } from "../prepare/set.ts";
import { readAuthorsLists } from "./authors-lists.ts";
import {
  byStem,
  FILMS,
  foldersOf,
  listFiles,
  type Report,
  readLines,
  refuseFolder,
  SOUNDS,
} from "./owner-folder.ts";
import { PLAIN_TEXT, textForm } from "./text-form.ts";

/** Codes of the evaluations; all others (frustration, surprise, no agreement) are left out. */
const EMOTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "excited-is-happy": { neu: "Neutral", ang: "Angry", sad: "Sad", hap: "Happy", exc: "Happy" },
  "happy-only": { neu: "Neutral", ang: "Angry", sad: "Sad", hap: "Happy" },
};
const CLASSES = ["Neutral", "Angry", "Sad", "Happy"];

/** `[6.2901 - 8.2357]	Ses01F_impro01_F000	neu	[2.5000, 2.5000, 2.5000]` */
const EVALUATION = /^\[\s*([\d.]+)\s*-\s*([\d.]+)\s*\]\s+(Ses\w+)\s+([a-z]+)\b/i;
/** `Ses01F_impro01_F000 [006.2901-008.2357]: Excuse me.` */
const TRANSCRIPT = /^(Ses\w+)\s*\[[^\]]*\]\s*:\s*(.*)$/i;

/** Of a frame, in pixels. */
const SIDE = 224;

export const iemocapSet = defineFileSet<"audio" | "video" | "text">({
  name: "iemocap",
  title: "ten actors in five sessions, sound, film and words, to four emotions",
  licence: "USC's, signed by each user: no copies, no sale",
  source: "https://sail.usc.edu/iemocap/ (on request; Session1 to Session5)",
  attribution: [
    "IEMOCAP: C. Busso, M. Bulut, C.-C. Lee, A. Kazemzadeh, E. Mower, S. Kim, J. N. Chang, S. Lee, S. S. Narayanan, Language Resources and Evaluation 42, 2008",
  ],
  version: 1,
  variants: ["excited-is-happy", "happy-only"],
  splits: ["grouped", "authors"],
  fractions: { train: 3, validation: 1, test: 1 },
  forms: () => ({ audio: filterbank(), video: film({ side: SIDE }), text: PLAIN_TEXT }),
  async read({ folder, variant, split, report }) {
    const files = await listFiles("iemocap", folder);
    const inFolder = (name: string) =>
      files.filter((path) => foldersOf(folder, path).includes(name));
    const evaluations = inFolder("emoevaluation").filter(
      (path) => foldersOf(folder, path).at(-1) === "emoevaluation" && isText(path),
    );
    if (evaluations.length === 0) {
      await refuseFolder(
        "iemocap",
        folder,
        "Session1/dialog/EmoEvaluation/*.txt with dialog/transcriptions, dialog/avi and sentences/wav",
      );
    }
    const sounds = byStem(inFolder("sentences"), SOUNDS, report);
    const films = byStem(inFolder("avi"), FILMS, report);
    const spoken = await readTranscripts(inFolder("transcriptions").filter(isText), report);
    const lists = split === "authors" ? await readAuthorsLists(files, report) : undefined;
    const emotions = EMOTIONS[variant] as Readonly<Record<string, string>>;
    const items: Item<"audio" | "video" | "text">[] = [];
    let others = 0;
    for (const { id, start, end, code, where } of await readEvaluations(evaluations, report)) {
      const key = id.toLowerCase();
      const label = emotions[code];
      const part = lists?.partOf(key);
      if (label === undefined) {
        others++;
        continue;
      }
      const audio = sounds.get(key);
      const dialogue = id.slice(0, id.lastIndexOf("_"));
      const video = films.get(dialogue.toLowerCase());
      const text = spoken.get(key);
      if (audio === undefined) report({ where, message: `no sound ${id}.wav` });
      if (video === undefined) report({ where, message: `no film ${dialogue}.avi` });
      if (text === undefined) report({ where, message: `no transcript of ${id}` });
      items.push({
        id,
        group: sessionOf(id),
        label,
        ...(part !== undefined && { part }),
        cells: {
          audio: audio === undefined ? null : { file: audio },
          video: video === undefined ? null : { file: video, span: { start, end } },
          text: text === undefined ? null : { text },
        },
      });
    }
    lists?.reportUnused(report);
    const { form, about } = await textForm(folder);
    const sessions = new Set(items.map(({ group }) => group)).size;
    return {
      items,
      classes: CLASSES,
      forms: { audio: filterbank(), video: film({ side: SIDE }), text: form },
      variant: `${variant}: ${items.length} utterances of ${sessions} sessions, ${others} of other emotions left out; ${about}`,
    };
  },
});

export const iemocap = fileDataset(iemocapSet);

function isText(path: string): boolean {
  return extname(path).toLowerCase() === ".txt";
}

/** `Ses01F_impro01_F000`: the number after Ses; both speakers of a session are in one group. */
function sessionOf(id: string): string {
  return `Session${Number(id.slice(3, 5))}`;
}

interface Evaluation {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly code: string;
  readonly where: string;
}

async function readEvaluations(paths: readonly string[], report: Report): Promise<Evaluation[]> {
  const found = new Map<string, Evaluation>();
  for (const path of paths) {
    for (const { text: line, where } of await readLines(path)) {
      // Lines of single annotators and the heading begin otherwise.
      if (!line.startsWith("[")) continue;
      const [, start, end, id, code = ""] = EVALUATION.exec(line) ?? [];
      if (id === undefined || !/^Ses\d\d/i.test(id) || !(Number(end) > Number(start))) {
        const form = "[START - END] ID EMOTION [V, A, D]";
        report({ where, message: `expected ${form}, got ${line.slice(0, 60)}` });
        continue;
      }
      const other = found.get(id);
      if (other !== undefined) {
        report({ where, message: `${id} is listed a second time; ${other.where} is used` });
        continue;
      }
      const evaluation = { id, start: Number(start), end: Number(end), code: code.toLowerCase() };
      found.set(id, { ...evaluation, where });
    }
  }
  return [...found.values()];
}

/** What is said, by lower-case id. */
async function readTranscripts(
  paths: readonly string[],
  report: Report,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of paths) {
    for (const { text: line, where } of await readLines(path)) {
      const [, id, text = ""] = TRANSCRIPT.exec(line) ?? [];
      // Remarks and overlapping speech that is no utterance of its own.
      if (id === undefined) continue;
      if (!id.toLowerCase().startsWith(basename(path, extname(path)).toLowerCase())) {
        report({ where, message: `${id} is no utterance of this dialogue` });
        continue;
      }
      if (found.has(id.toLowerCase())) {
        report({ where, message: `${id} is transcribed a second time; the first is used` });
      } else if (text !== "") found.set(id.toLowerCase(), text);
    }
  }
  return found;
}
