import { formatNames, OptionError } from "../engine/errors.ts";

/** Modalities that are to be left out. @throws {OptionError} if one is unknown, or none would stay */
export function checkLeftOut(
  command: string,
  without: readonly string[],
  known: readonly string[],
): void {
  const unknown = without.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new OptionError(
      `${command}: Cannot find modality "${unknown}": expected one of ${formatNames(known)}`,
    );
  }
  if (known.every((name) => without.includes(name))) {
    throw new OptionError(
      `${command}: Cannot leave out every modality: expected at least one to stay`,
    );
  }
}
