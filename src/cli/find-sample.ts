import { type Dataset, subset } from "../data/dataset.ts";
import type { LoadedData } from "../data/source.ts";
import { formatNames, OptionError } from "../engine/errors.ts";

const EXAMPLES = 3;

/** One sample of the training or the validation part. @throws {OptionError} if there is none of this id */
export function findSample(command: string, data: LoadedData, id: string): Dataset {
  const parts = [data.train, data.validation];
  for (const part of parts) {
    const row = part.ids.indexOf(id);
    if (row >= 0) return subset(part, [row]);
  }
  const examples = parts.flatMap(({ ids }) => ids.slice(0, EXAMPLES));
  throw new OptionError(
    `${command}: Cannot find sample "${id}": expected an id of the training or validation part, as ${formatNames(examples)}`,
  );
}
