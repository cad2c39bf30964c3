import { existsSync } from "node:fs";
import { join } from "node:path";
import { OptionError } from "../engine/errors.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * The name of a run under a folder of runs. Without a name: `base`, or `base-2` and so on where that is taken, so that no
 * run overwrites another; to resume, the last of them.
 *
 * @throws {OptionError} if the name is no plain name, or is taken and the run is not to be resumed
 */
export function chooseRunName(
  runs: string,
  base: string,
  name: string | null,
  resume: boolean,
): string {
  const taken = (candidate: string) => existsSync(join(runs, candidate));
  if (name !== null) {
    if (!NAME.test(name)) {
      throw new OptionError(
        `run: Cannot use name ${JSON.stringify(name)}: expected letters, digits, ".", "_" and "-" only`,
      );
    }
    if (taken(name) && !resume) {
      throw new OptionError(
        `run: Cannot use name "${name}": expected an unused one, got that of an earlier run; pass --resume to go on with it`,
      );
    }
    return name;
  }
  let number = 1;
  const numbered = () => (number === 1 ? base : `${base}-${number}`);
  while (taken(numbered())) number++;
  if (resume && number > 1) number--;
  return numbered();
}
