/** From owners' downloads (miniatures of them) to trained models, by the built command line. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileSources, loadData } from "../../src/node/load-data.ts";
import { loadPrepared } from "../../src/node/prepare/file-dataset.ts";
import type { PreparedManifest } from "../../src/node/prepare/manifest.ts";
import { readRow } from "../../src/node/recipe-rows.ts";
import { altermodal } from "./command-line.ts";
import { makeCremaD } from "./miniatures/crema-d.ts";
import { makeFood101 } from "./miniatures/food-101.ts";
import { makeIemocap } from "./miniatures/iemocap.ts";
import { makeKineticsSound } from "./miniatures/kinetics-sound.ts";
import { missingPrograms } from "./miniatures/media.ts";
import { makeMvsa } from "./miniatures/mvsa.ts";
import { writeSmallRecipes } from "./small-recipes.ts";
import { runWhole, type WholeSet } from "./whole-run.ts";

interface Miniature {
  readonly make: (folder: string) => Promise<void>;
  /** Samples that stay, over all parts. */
  readonly samples: number;
  readonly dropped: number;
  readonly missing: Readonly<Record<string, number>>;
  /** Beginnings of `where: message`, in any order; all there are. */
  readonly problems: readonly string[];
}

const MINIATURES: Readonly<Record<string, Miniature>> = {
  "crema-d": {
    make: makeCremaD,
    samples: 37,
    dropped: 0,
    missing: { audio: 1, video: 2 },
    problems: [
      "AudioWAV/interview.wav: expected a name of the form ACTOR_SENTENCE_EMOTION_LEVEL",
      "VideoFlash/1006_IEO_SAD_XX.mp4: a second file of this name",
      'AudioWAV/1001_IEO_JOY_XX.wav: emotion "joy": expected one of ANG',
      "AudioWAV/1005_IEO_HAP_XX.wav: no film of this name",
      "AudioWAV/1002_IEO_SAD_XX.wav: Cannot decode the file",
      "VideoFlash/1002_IEO_DIS_XX.flv: Cannot decode the file",
    ],
  },
  "kinetics-sound": {
    make: makeKineticsSound,
    samples: 23,
    dropped: 1,
    missing: { audio: 1, video: 0 },
    problems: [
      "kinetics400.csv:3: tabled12345_5 is listed a second time; kinetics400.csv:2 is used",
      "kinetics400.csv:4: annotated, but there is no such clip",
      "kinetics400.csv:5: expected a label and an id",
      "train/loose123456_000001_000011.mp4: expected a folder or a list that names its class",
      "classes: no clip of 28: blowing nose, ",
      "train/tickling/silentsilen_000000_000010.mp4: Cannot decode the file",
      "train/tickling/cutcutcutcu_000000_000010.mp4: Cannot decode the file",
      "train/tickling/cutcutcutcu_000000_000010.mp4: Cannot decode the file",
    ],
  },
  "food-101": {
    make: makeFood101,
    samples: 38,
    dropped: 0,
    missing: { image: 3, text: 1 },
    problems: [
      "texts/train_titles.csv:27: expected FILE,TITLE,CLASS",
      "texts/train_titles.csv:25: apple_pie_0 is listed a second time; texts/train_titles.csv:1",
      "texts/train_titles.csv:26: no picture apple_pie_77.jpg",
      "images/train/sushi/sushi_99.jpg: a picture without a text",
      "images/train/sushi/sushi_1.jpg: Cannot decode the file",
      "images/train/sushi/sushi_2.jpg: Cannot decode the file",
    ],
  },
  mvsa: {
    make: makeMvsa,
    samples: 79,
    dropped: 0,
    missing: { image: 3, text: 1 },
    problems: [
      "data/10.JPEG: a second file of this name; data/10.jpg is used",
      "labelResultAll.txt:82: 4 is listed a second time; labelResultAll.txt:5 is used",
      "labelResultAll.txt:83: expected ID, and a label of the text",
      "labelResultAll.txt:84: expected ID, and a label of the text",
      "labelResultAll.txt:6: no picture data/5.jpg",
      "labelResultAll.txt:7: no text data/6.txt",
      "labelResultAll.txt:85: no picture data/83.jpg",
      "labelResultAll.txt:85: no text data/83.txt",
      "data/500.jpg: no line in labelResultAll.txt",
      "data/8.jpg: Cannot decode the file",
      "data/9.jpg: Cannot decode the file",
    ],
  },
  iemocap: {
    make: makeIemocap,
    samples: 51,
    dropped: 0,
    missing: { audio: 3, video: 0, text: 1 },
    problems: [
      "Session2/dialog/transcriptions/Ses02F_impro01.txt:14: Ses01F_impro01_F000 is no utterance",
      "Session2/dialog/EmoEvaluation/Ses02F_impro01.txt:51: Ses02F_impro01_F000 is listed a second",
      "Session2/dialog/EmoEvaluation/Ses02F_impro01.txt:52: expected [START - END]",
      "Session1/dialog/EmoEvaluation/Ses01F_impro01.txt:3: no sound Ses01F_impro01_F000.wav",
      "Session2/dialog/EmoEvaluation/Ses02F_impro01.txt:53: no sound Ses02F_impro01_F901.wav",
      "Session2/dialog/EmoEvaluation/Ses02F_impro01.txt:53: no transcript of Ses02F_impro01_F901",
      "Session3/sentences/wav/Ses03F_impro01/Ses03F_impro01_M001.wav: Cannot decode the file",
    ],
  },
};

const missing = missingPrograms();
/** The Free Spoken Digit Dataset. */
const RECORDINGS = process.env.ALTERMODAL_FSDD ?? "../shared/data/fsdd";
const STAMPS = "/usr/share/tuxpaint/stamps";
const isFull = process.env.ALTERMODAL_FULL === "1";
const MINUTES = 60_000;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "altermodal-owners-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const readJson = async (path: string) => JSON.parse(await readFile(path, "utf8"));

async function succeed(...args: string[]): Promise<string> {
  const { code, text } = await altermodal(args);
  expect(text).not.toContain("error:");
  expect(code).toBe(0);
  return text;
}

describe.skipIf(missing.length > 0)(
  `miniatures of owners' downloads${missing.length > 0 ? ` (skipped: no ${missing.join(", ")})` : ""}`,
  () => {
    describe.each(Object.entries(MINIATURES))("%s", (name, miniature) => {
      let from: string;
      let cache: string;
      beforeAll(async () => {
        from = join(root, name, "data");
        cache = join(root, name, "cache");
        await mkdir(from, { recursive: true });
        await miniature.make(from);
      }, MINUTES);
      const prepare = (...args: string[]) => [
        "prepare",
        name,
        "--from",
        from,
        "--cache",
        cache,
        ...args,
      ];

      it(
        "takes nothing of an interrupted preparation for whole",
        async () => {
          const { code } = await altermodal(prepare("--workers", "1"), join(cache, name, "parts"));
          expect(code).toBeNull();
          expect(existsSync(join(cache, name, "manifest.json"))).toBe(false);
          const refused = await altermodal(["train", "--config", `${name}/mla`, "--cache", cache]);
          expect(refused.code).not.toBe(0);
          expect(refused.text).toContain(`altermodal prepare ${name} --from DIR`);
        },
        MINUTES,
      );

      it(
        "goes on, says by file and line what it cannot use, and keeps groups whole",
        async () => {
          await succeed(...prepare("--workers", "2"));
          const manifest: PreparedManifest = await readJson(join(cache, name, "manifest.json"));
          const counts = Object.values(manifest.counts).flat();
          expect(counts.reduce((sum, count) => sum + count)).toBe(miniature.samples);
          expect(counts.every((count) => count > 0)).toBe(true);
          expect(manifest.dropped).toBe(miniature.dropped);
          expect(manifest.missing).toEqual(miniature.missing);
          const said = manifest.problems.first.map(({ where, message }) =>
            `${where}: ${message}`.replace(/(^[^:]+: )\1/, "$1"),
          );
          expect(said).toHaveLength(miniature.problems.length);
          for (const start of miniature.problems) {
            expect(said).toContainEqual(expect.stringContaining(start));
          }
          expect(manifest.tornGroups).toBe(0);
          const set = fileSources().find((source) => source.name === name)?.set;
          const { train, validation } = await loadPrepared(set as never, cache, name);
          const seen = new Set(train.ids.map((id) => groupOf(name, id)));
          for (const id of validation.ids) expect(seen).not.toContain(groupOf(name, id));
        },
        2 * MINUTES,
      );

      it(
        "has what the recipe expects, trains by it and is evaluated",
        async () => {
          const { recipe } = await readRow(`${name}/mla`);
          const { train } = await loadData(name, { cacheDir: cache });
          for (const [modality, input] of Object.entries(recipe.expects?.inputs ?? {})) {
            const data = train.modalities[modality];
            expect(data?.kind).toBe(input.kind);
            if (input.kind === "dense") expect(data).toMatchObject({ shape: input.shape });
          }
          const recipes = join(root, name, "recipes");
          await writeSmallRecipes(recipes);
          const runs = join(root, name, "runs");
          const told = await succeed(
            ...["train", "--config", `${name}/mla`, "--recipes", recipes, "--cache", cache],
            ...["--limit", "3", "--epochs", "1", "--runs", runs],
          );
          const run = /epoch \d+ kept: (\S+)/.exec(told)?.[1] as string;
          const scores = await succeed("evaluate", "--run", run, "--cache", cache);
          expect(scores).toMatch(/fused +accuracy/);
        },
        4 * MINUTES,
      );

      // Films take long to read twice.
      if ("video" in miniature.missing) return;

      it(
        "gives the same data when all is read again",
        async () => {
          const { dataHash }: PreparedManifest = await readJson(join(cache, name, "manifest.json"));
          const again = join(root, name, "again");
          await succeed("prepare", name, "--from", from, "--cache", again, "--workers", "2");
          expect((await readJson(join(again, name, "manifest.json"))).dataHash).toBe(dataHash);
        },
        2 * MINUTES,
      );
    });
  },
);

/** What of an id tells who or what must not be in two parts. */
function groupOf(name: string, id: string): string {
  const lengths: Readonly<Record<string, number>> = {
    "crema-d": 4,
    "kinetics-sound": 11,
    iemocap: 5,
  };
  return id.slice(0, lengths[name] ?? id.length);
}

const hasRecordings = existsSync(RECORDINGS);

describe.skipIf(!hasRecordings)(
  `digits${hasRecordings ? "" : " (skipped: no recordings; set ALTERMODAL_FSDD)"}`,
  () => {
    it(
      "trains on real recordings",
      async () => {
        const cache = join(root, "digits");
        const few = ["--limit", "200", "--name", "digits"];
        await succeed("prepare", "digits", "--from", RECORDINGS, "--cache", cache, ...few);
        const runs = join(root, "digits-runs");
        const training = ["train", "--data", "digits", "--epochs", "2"];
        const told = await succeed(...training, "--cache", cache, "--runs", runs);
        const run = /epoch \d+ kept: (\S+)/.exec(told)?.[1] as string;
        console.log(await succeed("evaluate", "--run", run, "--cache", cache));
      },
      2 * MINUTES,
    );
  },
);

const WHOLE: readonly WholeSet[] = [
  ...(hasRecordings
    ? [
        { prepare: ["digits"], name: "digits", from: RECORDINGS },
        {
          prepare: ["digits", "--variant", "speaker"],
          name: "digits-speaker",
          from: RECORDINGS,
        },
      ]
    : []),
  ...(existsSync(STAMPS) ? [{ prepare: ["stamps"], name: "stamps" }] : []),
];

describe.skipIf(!isFull)("whole sets (with --full, where they are at hand)", () => {
  it.each(WHOLE)(
    "prepares and trains on $name",
    async (whole) => console.log(await runWhole(whole, join(root, "whole", whole.name))),
    20 * MINUTES,
  );
});
