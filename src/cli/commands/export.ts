import { choice, flag, number } from "../../config/options.ts";
import type { Dataset } from "../../data/dataset.ts";
import { DataError, OptionError } from "../../engine/errors.ts";
import { COMPACT_TYPES, type CompactType, saveCompact } from "../../export/compact.ts";
import { exportOnnx } from "../../export/onnx/index.ts";
import { accuracy, predictClasses } from "../../metrics/index.ts";
import { loadData } from "../../node/load-data.ts";
import { writeWhole } from "../../node/write-whole.ts";
import { percent, signedPoints } from "../../report/format.ts";
import { loadModel } from "../../train/load-model.ts";
import type { Model } from "../../train/model.ts";
import { defineCommand } from "../command.ts";
import { CACHE_FLAGS, placeOf } from "../common-flags.ts";
import { text } from "../flags.ts";
import { openRun } from "../open-run.ts";

const FORMATS = [...COMPACT_TYPES, "onnx"] as const;

export const exportCommand = defineCommand({
  name: "export",
  title:
    "write a trained model smaller (f16, int8) or for other runtimes (onnx), with what it costs",
  flags: {
    run: text("DIR", null, "folder of a trained cell: runs/NAME/cells/METHOD-SEED"),
    format: choice(FORMATS, "int8", "what is written"),
    out: text("FILE", null, "where; a file that is there is replaced once the new one is whole"),
    "most-loss": number(
      0.02,
      "validation accuracy that may be lost; beyond it nothing is written",
      {
        min: 0,
        max: 1,
      },
    ),
    ...CACHE_FLAGS,
    json: flag(false, "one JSON object"),
  },
  async run({ flags, io }) {
    const { format, out } = flags;
    if (out === null) throw new OptionError("export: Cannot write: expected --out FILE, got none");
    const { network, data: name } = await openRun("export", flags.run);
    const whole = network.save().length;
    const { bytes, change } =
      format === "onnx"
        ? { bytes: exportOnnx(network), change: null }
        : await compact(network, format, (await loadData(name, placeOf(flags))).validation);
    if (change !== null && change.before - change.after > flags["most-loss"]) {
      throw new DataError(
        `export: Cannot write "${out}": expected to lose at most ${percent(flags["most-loss"])} points of validation accuracy, got ${percent(change.before - change.after)}; choose another format or a greater --most-loss`,
      );
    }
    await writeWhole(out, bytes);
    const result = { format, bytes: bytes.length, wholeBytes: whole, accuracy: change };
    io.out(flags.json ? `${JSON.stringify(result)}\n` : describe(result));
    return 0;
  },
});

interface Change {
  /** Validation accuracy of the model, and of the one that the file opens as. */
  readonly before: number;
  readonly after: number;
}

async function compact(
  model: Model<string>,
  type: CompactType,
  validation: Dataset,
): Promise<{ bytes: Uint8Array; change: Change }> {
  const bytes = saveCompact(model, type);
  const again = await loadModel(bytes, model.engine);
  const change = { before: judge(model, validation), after: judge(again, validation) };
  again.dispose();
  return { bytes, change };
}

function judge(model: Model<string>, data: Dataset): number {
  const { logits } = model.fused(data);
  return accuracy(predictClasses(logits, data.classes.length), data.labels);
}

function describe(result: {
  readonly format: string;
  readonly bytes: number;
  readonly wholeBytes: number;
  readonly accuracy: Change | null;
}): string {
  const { format, bytes, wholeBytes, accuracy: change } = result;
  const size = `${format}: ${kilobytes(bytes)} kB, ${percent(bytes / wholeBytes, 0)} % of ${kilobytes(wholeBytes)} kB`;
  if (change === null) return `${size}\n`;
  const { before, after } = change;
  return `${size}; validation accuracy ${percent(before)} -> ${percent(after)} % (${signedPoints(after - before)})\n`;
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
