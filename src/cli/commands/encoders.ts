import { describeCost, describeEncoders } from "../../encoders/describe.ts";
import { defineCommand } from "../command.ts";
import { flagHelp } from "../flags.ts";

export const encoders = defineCommand({
  name: "encoders",
  title: "list the encoders, their options, sizes and costs",
  flags: {},
  async run({ io }) {
    const entries = describeEncoders().map(
      ({ name, title, inputs, cost, options }) =>
        `${name}: ${title} [${inputs.join(", ")}]\n  ${cost.input}: ${describeCost(cost)}\n${flagHelp(options)}`,
    );
    io.out(`${entries.join("\n\n")}\n`);
    return 0;
  },
});
