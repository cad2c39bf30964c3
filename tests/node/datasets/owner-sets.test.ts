import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cremaDSet } from "../../../src/node/datasets/crema-d.ts";
import { food101Set } from "../../../src/node/datasets/food-101.ts";
import { iemocapSet } from "../../../src/node/datasets/iemocap.ts";
import { kineticsSoundSet } from "../../../src/node/datasets/kinetics-sound.ts";
import { CLASS_LISTS } from "../../../src/node/datasets/kinetics-sound-classes.ts";
import { mvsaSet } from "../../../src/node/datasets/mvsa.ts";
import { fileSources, hasDataset, prepareCommand } from "../../../src/node/load-data.ts";
import type { DenseForm } from "../../../src/node/prepare/form.ts";
import { findForm } from "../../../src/node/prepare/forms/index.ts";
import type { FileSet } from "../../../src/node/prepare/set.ts";
import { readRow } from "../../../src/node/recipe-rows.ts";
import { folderOf, readSet } from "../../support/read-set.ts";

const OWNERS: readonly FileSet[] = [cremaDSet, kineticsSoundSet, food101Set, mvsaSet, iemocapSet];

describe("the sets of the paper", () => {
  it.each(OWNERS)("$name says what it expected of a folder that is another", async (set) => {
    const folder = await folderOf({ "notes/readme.md": "", "list.doc": "" });
    await expect(readSet(set, folder)).rejects.toThrow(
      new RegExp(`^${set.name}: Cannot find the data: expected .+ in .+, got list.doc, notes$`),
    );
    await expect(readSet(set, await folderOf({}))).rejects.toThrow("got an empty folder");
    await expect(readSet(set, "no/such")).rejects.toThrow("expected no/such, got ENOENT");
  });

  it.each([
    ["crema-d/mla", "resnet"],
    ["crema-d/mla-transformer", "transformer"],
    ["kinetics-sound/mla", "31"],
    ["kinetics-sound/mla-transformer", "31-transformer"],
    ["food-101/mla", "default"],
    ["mvsa/mla", "merged"],
    ["iemocap/mla", "excited-is-happy"],
  ])("gives %s what its encoders expect", async (name, variant) => {
    const { recipe } = await readRow(name);
    const set = OWNERS.find((one) => name.startsWith(`${one.name}/`)) as (typeof OWNERS)[number];
    const forms = Object.entries(set.forms(variant));
    expect(forms.map(([modality]) => modality)).toEqual(Object.keys(recipe.expects?.inputs ?? {}));
    for (const [modality, choice] of forms) {
      const form = findForm(choice);
      const input = recipe.expects?.inputs[modality];
      if (form.kind === "text") expect(input?.kind).toBe("bag");
      else {
        const shape = (form as DenseForm).shape(choice.settings);
        expect(input).toEqual({ kind: "dense", shape });
      }
    }
    expect(prepareCommand(recipe.data)).toBe(
      `altermodal prepare ${set.name}${variant.includes("transformer") ? ` --variant ${variant}` : ""} --from DIR`,
    );
    expect(hasDataset(set.name, "no/such")).toBe(true);
    expect(fileSources().map((source) => source.set)).toContain(set);
  });
});

describe("crema-d", () => {
  it("follows the authors' lists in their two forms, whatever their line ends", async () => {
    const folder = await folderOf({
      "AudioWAV/1001_DFA_ANG_XX.wav": "",
      "AudioWAV/1001_DFA_SAD_X.WAV": "",
      "audio/1002_DFA_HAP_XX.mp3": "",
      "VideoFlash/1001_DFA_ANG_XX.flv": "",
      "VideoFlash/1001_DFA_SAD_X.flv": "",
      "VideoFlash/1002_DFA_HAP_XX.mp4": "",
      "lists/train.csv":
        "\ufeff1001_DFA_ANG_XX,ANG\r\n1009_DFA_ANG_XX,ANG\r\n1001_dfa_ang_xx,ANG\r\n",
      "my_test_cre.txt": "1001_DFA_SAD_X.flv Sad\n1002_DFA_HAP_XX.flv Happy\n",
    });
    const { listing, problems } = await readSet(cremaDSet, folder, { split: "authors" });
    expect(listing.items.map(({ id, label, group, part }) => [id, label, group, part])).toEqual([
      ["1001_DFA_ANG_XX", "Anger", "1001", "train"],
      ["1001_DFA_SAD_X", "Sad", "1001", "test"],
      ["1002_DFA_HAP_XX", "Happy", "1002", "test"],
    ]);
    expect(problems).toEqual([
      "lists/train.csv:3: 1001_dfa_ang_xx is listed a second time; lists/train.csv:1 is used",
      "lists/train.csv:2: listed, but there is no such sample",
    ]);
  });

  it("tells pointers of Git LFS from recordings", async () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n";
    const folder = await folderOf({
      "AudioWAV/1001_DFA_ANG_XX.wav": pointer,
      "VideoFlash/1001_DFA_ANG_XX.flv": pointer,
    });
    await expect(readSet(cremaDSet, folder)).rejects.toThrow("git lfs pull");
  });
});

describe("kinetics-sound", () => {
  it("names and counts its class lists", () => {
    for (const [count, list] of Object.entries(CLASS_LISTS)) {
      expect(new Set(list).size).toBe(Number(count));
      expect([...list].sort()).toEqual(list);
    }
  });

  it("finds classes by folder, older name or table, and its parts by folder or list", async () => {
    const folder = await folderOf({
      "train/playing_guitar/aaaaaaaaaaa_000001_000011.mp4": "",
      "train/blowing out/bbbbbbbbbbb_000001_000011.mp4": "",
      "train/abseiling/ccccccccccc_000001_000011.mp4": "",
      "val/Strumming Guitar/ddddddddddd_000001_000011.mkv": "",
      "clips/eeeeeeeeeee_000012_000022.mp4": "",
      "k400.csv": "label,youtube_id,time_start,time_end,split\ntap dancing,eeeeeeeeeee,12,22,val\n",
      "my_test.txt": "aaaaaaaaaaa_1,10,12\n",
    });
    const authors = await readSet(kineticsSoundSet, folder, { split: "authors", variant: "32" });
    expect(authors.listing.items.map(({ id, label, part }) => [id, label, part]).sort()).toEqual([
      ["aaaaaaaaaaa_1", "playing guitar", "test"],
      ["bbbbbbbbbbb_1", "blowing out candles", "train"],
      ["ddddddddddd_1", "strumming guitar", "validation"],
      ["eeeeeeeeeee_12", "tap dancing", "validation"],
    ]);
    expect(authors.listing.variant).toContain("4 of 32 classes, 4 clips; 1 clips of other classes");
    const all = await readSet(kineticsSoundSet, folder, { variant: "folders" });
    expect(all.listing.classes).toContain("abseiling");
    expect(all.listing.items.every(({ part }) => part === undefined)).toBe(true);
  });
});

describe("food-101", () => {
  it("reads lists with keys, and says which lines it cannot", async () => {
    const folder = await folderOf({
      "images/train/sushi/sushi_1.JPEG": "",
      "images/test/pho/pho_7.jpg": "",
      "train.jsonl":
        '{"id": 1, "text": "a roll", "img": "images/train/sushi/sushi_1.jpg", "label": "sushi"}\n{"id": 2\n{"text": "no picture named"}\n',
      "test.jsonl": '{"id": 3, "text": " ", "img": "images/test/pho/pho_7.jpg", "label": "pho"}\n',
    });
    const { listing, problems } = await readSet(food101Set, folder);
    expect(listing.items.map(({ id, label, part }) => [id, label, part])).toEqual([
      ["pho_7", "pho", "test"],
      ["sushi_1", "sushi", "train"],
    ]);
    expect(listing.items[1]?.cells).toEqual({
      image: { file: join(folder, "images/train/sushi/sushi_1.JPEG") },
      text: { text: "a roll" },
    });
    expect(problems).toEqual([
      expect.stringMatching(/^train\.jsonl:2: expected JSON/),
      'train.jsonl:3: expected "img" and "label", got {"text": "no picture named"}',
      "test.jsonl:1: no text",
    ]);
  });
});

describe("mvsa", () => {
  it("merges the two labels by the usual rule, or takes equal ones alone", async () => {
    const pairs = [
      "positive,positive",
      "neutral,negative",
      "positive,neutral",
      "positive,negative",
    ];
    const rows = pairs.map((pair, i) => `${i + 1}\t${pair}`).join("\r\n");
    const files = pairs.flatMap((_, i) => [
      [`data/${i + 1}.jpg`, ""],
      [`data/${i + 1}.txt`, "x"],
    ]);
    const folder = await folderOf({
      ...Object.fromEntries(files),
      "LabelResultAll.txt": `ID\ttext,image\r\n${rows}`,
    });
    const merged = await readSet(mvsaSet, folder);
    expect(merged.problems).toEqual([]);
    expect(merged.listing.items.map(({ id, label }) => id + label)).toEqual([
      "1positive",
      "2negative",
      "3positive",
    ]);
    expect(merged.listing.variant).toContain(
      "3 tweets, 1 left out where text and picture contradict",
    );
    const agreeing = await readSet(mvsaSet, folder, { variant: "agreeing" });
    expect(agreeing.listing.items.map(({ id }) => id)).toEqual(["1"]);
    await writeFile(join(folder, "tokenizer.json"), "{}");
    const { listing } = await readSet(mvsaSet, folder);
    expect(listing.forms?.text?.form).toBe("tokens");
  });
});

describe("iemocap", () => {
  it("takes excitement for happiness, or leaves it out", async () => {
    const turns = ["neu", "exc", "hap", "xxx"].map(
      (code, i) => `[${i}.0 - ${i}.5]\tSes01F_impro01_F00${i}\t${code}\t[1, 1, 1]`,
    );
    const folder = await folderOf({
      "IEMOCAP/Session1/dialog/EmoEvaluation/Ses01F_impro01.txt": turns.join("\n"),
      "IEMOCAP/Session1/dialog/transcriptions/Ses01F_impro01.txt":
        "Ses01F_impro01_F001 [0.0-0.5]: Hi: you.",
      "IEMOCAP/Session1/dialog/avi/DivX/Ses01F_impro01.AVI": "",
    });
    const { listing, problems } = await readSet(iemocapSet, folder);
    expect(listing.items.map(({ label }) => label)).toEqual(["Neutral", "Happy", "Happy"]);
    expect(listing.items[1]).toEqual({
      id: "Ses01F_impro01_F001",
      group: "Session1",
      label: "Happy",
      cells: {
        audio: null,
        text: { text: "Hi: you." },
        video: {
          file: join(folder, "IEMOCAP/Session1/dialog/avi/DivX/Ses01F_impro01.AVI"),
          span: { start: 1, end: 1.5 },
        },
      },
    });
    expect(problems).toHaveLength(5);
    const only = await readSet(iemocapSet, folder, { variant: "happy-only" });
    expect(only.listing.items).toHaveLength(2);
  });
});
