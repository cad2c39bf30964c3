import { findPart } from "../../config/part.ts";
import { describeMethods } from "../../methods/describe.ts";
import { METHODS } from "../../methods/registry.ts";
import { defineCommand } from "../command.ts";
import { flagHelp } from "../flags.ts";

export const methods = defineCommand({
  name: "methods",
  title: "list the methods and their options, or those of some",
  positionals: "[METHOD...]",
  flags: {},
  async run({ positionals, io }) {
    for (const name of positionals) findPart("method", METHODS, name);
    const asked = describeMethods().filter(
      ({ name }) => positionals.length === 0 || positionals.includes(name),
    );
    const entries = asked.map(({ name, title, source, startsFrom, options }) => {
      const first = startsFrom === null ? "" : `, after ${startsFrom}`;
      const help = Object.keys(options).length > 0 ? `\n${flagHelp(options)}` : "";
      return `${name}: ${title}${first} [${source}]${help}`;
    });
    io.out(`${entries.join("\n\n")}\n`);
    return 0;
  },
});
