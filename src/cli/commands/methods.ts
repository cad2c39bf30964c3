import type { OptionSpecs } from "../../config/options.ts";
import { METHODS } from "../../methods/registry.ts";
import { defineCommand } from "../command.ts";
import { flagHelp } from "../flags.ts";

export const methods = defineCommand({
  name: "methods",
  title: "list the methods and their options",
  flags: {},
  async run({ io }) {
    const entries = Object.values(METHODS).map(({ name, title, source, options }) => {
      const own = options as OptionSpecs;
      const help = Object.keys(own).length > 0 ? `\n${flagHelp(own)}` : "";
      return `${name}: ${title} [${source}]${help}`;
    });
    io.out(`${entries.join("\n\n")}\n`);
    return 0;
  },
});
