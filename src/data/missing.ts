/** Seeded loss of modalities, for training and tests with gaps. */
import { formatNames, OptionError } from "../engine/errors.ts";
import { Random } from "../random.ts";
import { type Dataset, hasModality, modalityNames } from "./dataset.ts";

export interface MissingMasks<M extends string> {
  /** Per modality one byte per sample, 1 = present; for `mask(dataset, present)`. */
  readonly present: Readonly<Record<M, Uint8Array>>;
  /** Lost pairs over pairs that were there: below the asked rate, as whole losses are undone. */
  readonly rate: number;
}

/**
 * Loses each present (sample, modality) pair with the given probability; a sample that lost all its
 * modalities gets one of them back, each equally likely. Masks depend on the seed, the stream and the names
 * of the modalities, not on their order; what is lost at one rate is lost at every higher one, but for what
 * is given back.
 *
 * @param options - `rate`: one for all modalities, or by name (0 for those left out); `stream`: a name for
 * each dataset, so that two of them lose different samples
 * @throws {OptionError} if a rate is outside [0, 1], or is of a modality that there is not
 */
export function missingMasks<M extends string>(
  dataset: Dataset<M>,
  options: {
    readonly rate: number | Readonly<Record<string, number>>;
    readonly seed: number;
    readonly stream?: string;
  },
): MissingMasks<M> {
  const { rate, seed, stream = "missing" } = options;
  const names = modalityNames(dataset).sort();
  const rates = typeof rate === "number" ? fillRates(names, rate) : rate;
  checkRates(names, rates);
  const present = {} as Record<M, Uint8Array>;
  for (const name of names) {
    const random = new Random(seed, `${stream}/${name}`);
    const own = rates[name] ?? 0;
    const data = dataset.modalities[name];
    present[name] = Uint8Array.from({ length: dataset.size }, (_, i) => {
      const kept = random.float() >= own;
      return kept && hasModality(data, i) ? 1 : 0;
    });
  }
  const giveBack = new Random(seed, stream);
  let lost = 0;
  let pairs = 0;
  for (let i = 0; i < dataset.size; i++) {
    const had = names.filter((name) => hasModality(dataset.modalities[name], i));
    const kept = had.filter((name) => present[name][i] === 1);
    if (kept.length === 0 && had.length > 0) {
      const name = had[giveBack.int(had.length)] as M;
      present[name][i] = 1;
      kept.push(name);
    }
    pairs += had.length;
    lost += had.length - kept.length;
  }
  return { present, rate: pairs === 0 ? 0 : lost / pairs };
}

/**
 * Gives each sample one of its incomplete patterns, each equally likely: some of the modalities that it has, at least one
 * and not all (a sample with one modality keeps it). For `mask(dataset, present)`.
 *
 * Source: MMIN (ACL 2021), which draws them so in training and judges every sample under all of them.
 */
export function drawPatterns<M extends string>(
  dataset: Dataset<M>,
  seed: number,
  stream: string,
): Record<M, Uint8Array> {
  const names = modalityNames(dataset).sort();
  const random = new Random(seed, `${stream}/patterns`);
  const present = Object.fromEntries(
    names.map((name) => [name, new Uint8Array(dataset.size)]),
  ) as Record<M, Uint8Array>;
  for (let i = 0; i < dataset.size; i++) {
    const had = names.filter((name) => hasModality(dataset.modalities[name], i));
    const pattern = had.length > 1 ? 1 + random.int((1 << had.length) - 2) : 1;
    had.forEach((name, bit) => {
      present[name][i] = (pattern >> bit) & 1;
    });
  }
  return present;
}

function fillRates(names: readonly string[], rate: number): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, rate]));
}

function checkRates(names: readonly string[], rates: Readonly<Record<string, number>>): void {
  for (const [name, rate] of Object.entries(rates)) {
    if (!names.includes(name)) {
      throw new OptionError(
        `missing: Cannot find modality "${name}": expected one of ${formatNames(names)}`,
      );
    }
    if (!(rate >= 0 && rate <= 1)) {
      throw new OptionError(`missing: Cannot use the rate: expected 0 to 1, got ${rate}`);
    }
  }
}
