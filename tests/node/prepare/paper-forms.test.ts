import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createFeatures, spectrogram as spectrogramOf } from "../../../src/features/index.ts";
import type { DenseForm, FormTools, TextForm } from "../../../src/node/prepare/form.ts";
import { filterbank } from "../../../src/node/prepare/forms/filterbank.ts";
import { findForm } from "../../../src/node/prepare/forms/index.ts";
import { spectrogram } from "../../../src/node/prepare/forms/spectrogram.ts";
import { tokens } from "../../../src/node/prepare/forms/tokens.ts";
import { readText } from "../../../src/node/prepare/read-text.ts";
import { tone, wavFile } from "../../support/files.ts";
import { folderOf } from "../../support/read-set.ts";

let tools: FormTools;
let files: Record<string, Uint8Array>;
beforeAll(async () => {
  tools = {
    features: await createFeatures(),
    ffmpeg: {},
    read: async (path) => files[path] as Uint8Array,
    note: async () => {},
  };
});

describe("the forms of the paper's paths", () => {
  it("spectrogram: 5 s of 16 kHz, short sounds repeated, frequency first", async () => {
    const samples = tone(1000, 0.5, 16000);
    files = { "a.wav": wavFile(samples, { rate: 16000, depth: "32f" }) };
    const { settings } = spectrogram();
    const form = findForm(spectrogram()) as DenseForm;
    expect(form.shape(settings)).toEqual([129, 626, 1]);
    const values = await form.read({ file: "a.wav" }, settings, tools);
    const long = Float32Array.from({ length: 80000 }, (_, i) => samples[i % 8000] as number);
    const log = { offset: 1e-7 };
    const wanted = spectrogramOf(tools.features, long, { fftSize: 256, hop: 128, log });
    for (const [bin, frame] of [
      [16, 0],
      [16, 625],
      [128, 300],
      [0, 17],
    ] as const) {
      expect(values[bin * 626 + frame]).toBeCloseTo(wanted.values[frame * 129 + bin] as number, 4);
    }
    // 1000 Hz is bin 16 of 62.5 Hz each.
    const column = Array.from({ length: 129 }, (_, bin) => values[bin * 626 + 300] as number);
    expect(column.indexOf(Math.max(...column))).toBe(16);
  });

  it("filterbank: 1024 frames on the authors' scale, zeros behind a short sound", async () => {
    files = { "a.wav": wavFile(tone(1000, 1, 16000), { rate: 16000 }) };
    const { settings } = filterbank();
    const form = findForm(filterbank()) as DenseForm;
    expect(form.shape(settings)).toEqual([1024, 128, 1]);
    const values = await form.read({ file: "a.wav" }, settings, tools);
    expect(values).toHaveLength(1024 * 128);
    // 98 whole frames of 25 ms in a second; what is behind is (0 + 5.081) / 4.4849.
    expect(values[97 * 128 + 60]).not.toBeCloseTo(5.081 / 4.4849, 3);
    expect(values[98 * 128]).toBeCloseTo(5.081 / 4.4849, 5);
  });

  it("both: a sound at another rate is the same sound", async () => {
    const fast = wavFile(tone(1000, 1, 44100), { rate: 44100, depth: "32f" });
    files = {
      "a.wav": wavFile(tone(1000, 1, 16000), { rate: 16000, depth: "32f" }),
      "b.wav": fast,
    };
    const form = findForm(filterbank()) as DenseForm;
    const [a, b] = await Promise.all(
      ["a.wav", "b.wav"].map((file) => form.read({ file }, filterbank().settings, tools)),
    );
    const loudest =
      40 * 128 +
      (a?.subarray(40 * 128, 41 * 128).indexOf(Math.max(...a.subarray(40 * 128, 41 * 128))) ?? 0);
    expect(b?.[loudest]).toBeCloseTo(a?.[loudest] as number, 2);
  });

  it("tokens: ids of the folder's tokenizer, cut to the longest, with their texts", async () => {
    const json = JSON.stringify({
      model: {
        type: "WordPiece",
        unk_token: "[UNK]",
        continuing_subword_prefix: "##",
        vocab: { "[UNK]": 0, pie: 1, "##s": 2 },
      },
      added_tokens: [{ id: 3, content: "[PAD]", special: true }],
      pre_tokenizer: { type: "Whitespace" },
    });
    const folder = await folderOf({ "tokenizer.json": json });
    const choice = await tokens(folder, 3);
    const form = findForm(choice as NonNullable<typeof choice>) as TextForm;
    const bag = form.encode(
      ["pies pies", null, "cake"],
      Int32Array.of(0),
      choice?.settings,
      folder,
    );
    expect([...bag.ids]).toEqual([1, 2, 1, 0]);
    expect([...bag.offsets]).toEqual([0, 3, 3, 4]);
    expect(bag.words).toEqual(["[UNK]", "pie", "##s", "[PAD]"]);
    expect(await tokens(join(folder, "elsewhere"))).toBeUndefined();
  });

  it("texts: other encodings only where a set names one", async () => {
    files = { "a.txt": Uint8Array.from([0x63, 0xe9]) };
    await expect(readText({ file: "a.txt" }, tools)).rejects.toThrow("expected UTF-8");
    expect(await readText({ file: "a.txt", encoding: "windows-1252" }, tools)).toBe("cé");
  });
});
