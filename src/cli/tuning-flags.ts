/** How encoders are tuned, as flags: one per option, each with a value per modality. */
import { type OptionSpecs, parseOption } from "../config/options.ts";
import { type EncoderTuning, TUNING_OPTIONS } from "../encoders/tuning.ts";
import { OptionError } from "../engine/errors.ts";
import { type FlagSpecs, list } from "./flags.ts";

type Tuning = Readonly<Record<string, Partial<EncoderTuning>>>;

const SPECS: OptionSpecs = TUNING_OPTIONS;

export const TUNING_FLAGS: FlagSpecs = Object.fromEntries(
  Object.entries(SPECS).map(([name, { doc }]) => [
    `tuning.${name}`,
    list("MODALITY=VALUE", [], doc),
  ]),
);

/**
 * The tuning of a recipe with what the flags say of it; undefined if neither says anything. A modality that is named
 * several times for an option that takes a list has all of those values.
 *
 * @throws {OptionError} if a value has another form; ranges are checked by `train()`
 */
export function tuningOf(
  flags: Readonly<Record<string, unknown>>,
  recipe: Tuning | undefined,
): Tuning | undefined {
  const tuning: Record<string, Record<string, unknown>> = {};
  for (const [name, spec] of Object.entries(SPECS)) {
    for (const entry of (flags[`tuning.${name}`] as readonly string[] | undefined) ?? []) {
      const [, modality, text] = /^([^=]+)=(.+)$/.exec(entry) ?? [];
      if (modality === undefined || text === undefined) {
        throw new OptionError(
          `train: Cannot set option "--tuning.${name}": expected MODALITY=VALUE, got "${entry}"`,
        );
      }
      const value = parseOption(spec, text);
      tuning[modality] ??= {};
      const before = tuning[modality][name];
      tuning[modality][name] =
        Array.isArray(value) && Array.isArray(before) ? [...before, ...value] : value;
    }
  }
  const merged: Record<string, Partial<EncoderTuning>> = { ...recipe };
  for (const [modality, own] of Object.entries(tuning)) {
    merged[modality] = { ...merged[modality], ...own };
  }
  return Object.keys(merged).length > 0 ? merged : undefined;
}
