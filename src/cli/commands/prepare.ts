import { PARTS } from "../../data/split.ts";
import { OptionError } from "../../engine/errors.ts";
import { NODE_DATASETS } from "../../node/datasets/index.ts";
import { findDataset } from "../../node/load-data.ts";
import { defineCommand } from "../command.ts";
import { DATA_FLAGS } from "../common-flags.ts";

export const prepare = defineCommand({
  name: "prepare",
  title: "make a data set ready, once, and say what it is",
  positionals: Object.keys(NODE_DATASETS).join("|"),
  flags: { cache: DATA_FLAGS.cache },
  async run({ flags, positionals, io }) {
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) {
      throw new OptionError(
        `prepare: Cannot choose the data: expected one name, got ${positionals.length}`,
      );
    }
    const manifest = await findDataset(name).prepare({
      cacheDir: flags.cache,
      onProgress: (message) => io.err(`${message}\n`),
    });
    const { counts, classes } = manifest;
    const width = Math.max(...classes.map((label) => label.length), "total".length);
    const row = (label: string, numbers: readonly number[]) =>
      `  ${label.padEnd(width)}  ${numbers.map((n) => String(n).padStart(12)).join("")}`;
    const total = (part: (typeof PARTS)[number]) => counts[part].reduce((sum, n) => sum + n, 0);
    const lines = [
      `${manifest.name}: ${manifest.variant}`,
      ...Object.entries(manifest.modalities).map(([m, what]) => `  ${m}: ${what}`),
      `  ${" ".repeat(width)}  ${PARTS.map((part) => part.padStart(12)).join("")}`,
      ...classes.map((label, c) =>
        row(
          label,
          PARTS.map((part) => counts[part][c] ?? 0),
        ),
      ),
      row("total", PARTS.map(total)),
      ...manifest.attribution.map((line) => `  ${line}`),
      `  data hash ${manifest.dataHash}`,
    ];
    io.out(`${lines.join("\n")}\n`);
    return 0;
  },
});
