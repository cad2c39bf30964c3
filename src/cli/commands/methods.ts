import { describeMethods } from "../../methods/describe.ts";
import { defineCommand } from "../command.ts";
import { flagHelp } from "../flags.ts";

export const methods = defineCommand({
  name: "methods",
  title: "list the methods and their options",
  flags: {},
  async run({ io }) {
    const entries = describeMethods().map(({ name, title, source, startsFrom, options }) => {
      const first = startsFrom === null ? "" : `, after ${startsFrom}`;
      const help = Object.keys(options).length > 0 ? `\n${flagHelp(options)}` : "";
      return `${name}: ${title}${first} [${source}]${help}`;
    });
    io.out(`${entries.join("\n\n")}\n`);
    return 0;
  },
});
