import { join } from "node:path";
import { markdownTable } from "../../config/markdown.ts";
import { flag } from "../../config/options.ts";
import { OptionError } from "../../engine/errors.ts";
import { spreadOf } from "../../metrics/index.ts";
import { type CrossFit, crossFitCells } from "../../node/runs/cross-fit.ts";
import { percentSpread } from "../../report/format.ts";
import { defineCommand } from "../command.ts";
import { DATA_FLAGS, placeOf } from "../common-flags.ts";
import { text } from "../flags.ts";

export const fuse = defineCommand({
  name: "fuse",
  title: "judge a run's trainings under every fusion rule, by halves of the validation part",
  flags: {
    ...DATA_FLAGS,
    run: text("DIR", null, "folder of a run"),
    json: flag(false, "one JSON object"),
  },
  async run({ flags, io }) {
    if (flags.run === null) {
      throw new OptionError("fuse: Cannot find trainings: expected --run DIR, got none");
    }
    const data = { name: flags.data, ...placeOf(flags) };
    const found = await crossFitCells(join(flags.run, "cells"), data);
    io.out(flags.json ? `${JSON.stringify(found)}\n` : `${renderCrossFit(found)}\n`);
    return 0;
  },
});

/** A row a method, a column a rule: accuracy in %, and NLL. */
function renderCrossFit(found: readonly CrossFit[]): string {
  const methods = [...new Set(found.map(({ method }) => method))];
  const rules = [...new Set(found.map(({ rule }) => rule))].sort();
  const rows = methods.map((method) => [
    method,
    ...rules.map((rule) => {
      const own = found.filter((entry) => entry.method === method && entry.rule === rule);
      if (own.length === 0) return "-";
      const nll = spreadOf(own.map((entry) => entry.nll)).mean.toFixed(3);
      return `${percentSpread(spreadOf(own.map(({ accuracy }) => accuracy)))}, ${nll}`;
    }),
  ]);
  return markdownTable(["validation accuracy %, NLL", ...rules], rows);
}
