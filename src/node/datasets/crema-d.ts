/** `crema-d`: 91 actors say 12 sentences in six emotions; sound and film, to the emotion. */
import { extname } from "node:path";
import { fileDataset } from "../prepare/file-dataset.ts";
import { film } from "../prepare/forms/film.ts";
import { filterbank } from "../prepare/forms/filterbank.ts";
import { spectrogram } from "../prepare/forms/spectrogram.ts";
import type { Item } from "../prepare/item.ts";
import { defineFileSet } from "../prepare/set.ts";
import { readAuthorsLists } from "./authors-lists.ts";
import {
  byStem,
  FILMS,
  listFiles,
  type Report,
  refuseFolder,
  refusePointer,
  SOUNDS,
  stemOf,
} from "./owner-folder.ts";

const EMOTIONS: Readonly<Record<string, string>> = {
  ANG: "Anger",
  DIS: "Disgust",
  FEA: "Fear",
  HAP: "Happy",
  NEU: "Neutral",
  SAD: "Sad",
};
const FORM = "ACTOR_SENTENCE_EMOTION_LEVEL";
/** One file of the owner's has the level X. */
const NAME = /^(\d{4})_[a-z]{3}_([a-z]{3})_(?:lo|md|hi|xx?)$/i;

/** Of a frame, in pixels. */
const SIDE = 224;

export const cremaDSet = defineFileSet<"audio" | "video">({
  name: "crema-d",
  title: "91 actors, sound and film, to six emotions",
  licence: "Open Database License 1.0 (contents: Database Contents License 1.0)",
  source: "https://github.com/CheyneyComputerScience/CREMA-D (git lfs pull; AudioWAV, VideoFlash)",
  attribution: [
    "CREMA-D: H. Cao, D. G. Cooper, M. K. Keutmann, R. C. Gur, A. Nenkova, R. Verma, Crowd-sourced Emotional Multimodal Actors Dataset, IEEE Transactions on Affective Computing 2014, ODbL 1.0",
  ],
  version: 1,
  variants: ["resnet", "transformer"],
  splits: ["grouped", "authors"],
  forms: (variant) => ({
    audio: variant === "transformer" ? filterbank() : spectrogram(),
    video: film({ side: SIDE }),
  }),
  async read({ folder, variant, split, report }) {
    const files = await listFiles("crema-d", folder);
    const clips = files.filter((path) => isClip(path, report));
    const sounds = byStem(clips, SOUNDS, report);
    const films = byStem(clips, FILMS, report);
    if (sounds.size === 0 || films.size === 0) {
      await refuseFolder(
        "crema-d",
        folder,
        `AudioWAV/${FORM}.wav and VideoFlash/${FORM}.flv (such as 1001_DFA_ANG_XX)`,
      );
    }
    await refusePointer("crema-d", [...sounds.values()][0]);
    await refusePointer("crema-d", [...films.values()][0]);
    const lists = split === "authors" ? await readAuthorsLists(files, report) : undefined;
    const items: Item<"audio" | "video">[] = [];
    for (const stem of [...new Set([...sounds.keys(), ...films.keys()])].sort()) {
      const [, actor = "", code = ""] = NAME.exec(stem) ?? [];
      const [audio, video] = [sounds.get(stem), films.get(stem)];
      const label = EMOTIONS[code.toUpperCase()];
      if (label === undefined) {
        const message = `emotion "${code}": expected one of ${Object.keys(EMOTIONS).join(", ")}`;
        report({ where: audio ?? video ?? stem, message });
        continue;
      }
      if (audio === undefined) report({ where: video ?? stem, message: "no sound of this name" });
      if (video === undefined) report({ where: audio ?? stem, message: "no film of this name" });
      const part = lists?.partOf(stem);
      items.push({
        id: stem.toUpperCase(),
        group: actor,
        label,
        ...(part !== undefined && { part }),
        cells: {
          audio: audio === undefined ? null : { file: audio },
          video: video === undefined ? null : { file: video },
        },
      });
    }
    lists?.reportUnused(report);
    const actors = new Set(items.map(({ group }) => group)).size;
    return {
      items,
      classes: Object.values(EMOTIONS),
      variant: `${variant} path, ${items.length} clips of ${actors} actors`,
    };
  },
});

export const cremaD = fileDataset(cremaDSet);

function isClip(path: string, report: Report): boolean {
  if (![...SOUNDS, ...FILMS].includes(extname(path).toLowerCase())) return false;
  if (NAME.test(stemOf(path))) return true;
  report({ where: path, message: `expected a name of the form ${FORM}` });
  return false;
}
