import { NODE_DATASETS } from "../../node/datasets/index.ts";
import { defineCommand } from "../command.ts";

export const datasets = defineCommand({
  name: "datasets",
  title: "list the data sets",
  flags: {},
  async run({ io }) {
    const all = Object.values(NODE_DATASETS);
    const width = Math.max(...all.map(({ name }) => name.length));
    const lines = all.map(
      ({ name, title, licence }) =>
        `  ${name.padEnd(width)}  ${title}\n  ${" ".repeat(width)}  licence: ${licence}`,
    );
    io.out(`${lines.join("\n")}\n`);
    return 0;
  },
});
