import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createSynthetic } from "../../../src/data/synthetic.ts";
import { gru } from "../../../src/encoders/index.ts";
import { encodeSafetensors } from "../../../src/io/safetensors.ts";
import {
  describeWeights,
  findWeightFiles,
  readStartWeights,
} from "../../../src/node/runs/start-weights.ts";
import { inputSpecs } from "../../../src/train/model-spec.ts";
import { captureCli } from "../../support/run-cli.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { tinyRecipe } from "../../support/tiny-recipe.ts";

const HIDDEN = 4;

/** A file as torch.nn.GRU would be saved, for frames of one feature. */
function gruFile(): Uint8Array {
  const tensor = (shape: number[]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return { shape, data: Float32Array.from({ length: size }, (_, i) => (i % 5) / 10) };
  };
  return encodeSafetensors({
    weight_ih_l0: tensor([3 * HIDDEN, 1]),
    weight_hh_l0: tensor([3 * HIDDEN, HIDDEN]),
    bias_ih_l0: tensor([3 * HIDDEN]),
    bias_hh_l0: tensor([3 * HIDDEN]),
    stranger: tensor([2]),
  });
}

const { training } = tinyRecipe(1);
const own = { ...training, encoders: { ...training.encoders, easy: gru({ hidden: HIDDEN }) } };

it("reads files by modality and reports what became of their tensors", async () => {
  const path = join(await temporaryFolder(), "gru.safetensors");
  await writeFile(path, gruFile());
  const files = await findWeightFiles([`easy=${path}`]);
  const inputs = { easy: { kind: "dense", shape: [9, 1] } as const };
  const { initial, reports } = await readStartWeights(files, own, inputs);
  expect([...initial.keys()]).toContain("encoders.easy.forward.state.weight");
  const text = Object.entries(reports).map(([m, report]) => describeWeights(m, report));
  expect(text).toEqual([
    "easy: 4 parameters loaded by torch-gru; begin at random: out.weight out.bias; missing: none; extra: stranger; of another shape: none",
  ]);
  await writeFile(path, encodeSafetensors({}));
  await expect(readStartWeights(files, own, inputs)).rejects.toThrow("got another");
});

it("refuses entries, files and modalities that there are not", async () => {
  await expect(findWeightFiles(["easy"])).rejects.toThrow('expected MODALITY=FILE, got "easy"');
  await expect(findWeightFiles(["easy=none.safetensors"])).rejects.toThrow("Cannot read weights");
  const { train } = await createSynthetic({ sizes: { train: 20, validation: 10, test: 10 } });
  const files = { picture: { path: "x", hash: "y" } };
  await expect(readStartWeights(files, own, inputSpecs(train))).rejects.toThrow(
    'Cannot load weights for "picture": expected one of "easy", "hard"',
  );
});

it("names a file that does not fit before anything is trained", async () => {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  const path = join(folder, "gru.safetensors");
  await writeFile(path, gruFile());
  const { code, err } = await captureCli(
    ...["train", "--data", "synthetic", "--weights", `easy=${path}`, "--runs", folder],
  );
  expect(code).toBe(1);
  expect(err).toContain('Cannot read anything for "easy"');
});
