import type { OptionSpecs, OptionValues } from "../config/options.ts";
import { resolveOptions } from "../config/options.ts";
import {
  definePart,
  definitionOf,
  type Part,
  type PartConfig,
  type PartDefinition,
} from "../config/part.ts";
import { DataError, DataFormatError } from "../engine/errors.ts";

/** Logits of some samples, one array per modality. */
export interface ModalityLogits {
  /** Samples: n. */
  readonly size: number;
  readonly classes: number;
  /** [n, classes] by modality; rows of samples that lack it are never read. */
  readonly logits: Readonly<Record<string, Float32Array>>;
  /** [n] by modality: 1 where the sample has it. */
  readonly present: Readonly<Record<string, Uint8Array>>;
}

/** The same with the true classes, for rules that are fitted. */
export interface LabelledModalityLogits extends ModalityLogits {
  /** [n] */
  readonly labels: ArrayLike<number>;
}

export interface FusedLogits {
  /** [n, classes] */
  readonly logits: Float32Array;
  /** [n] by modality, 0 where it is missing, summing to 1 over the modalities; null if the rule has no weights. */
  readonly weights: Readonly<Record<string, Float32Array>> | null;
}

/** One sample on its way through a rule. */
export interface Row {
  readonly classes: number;
  /** The modalities that the sample has, in a fixed order. */
  readonly modalities: readonly string[];
  /** Logits of each of them, f64 [classes]. */
  readonly logits: readonly Float64Array[];
}

export interface FusionDefinition<S extends OptionSpecs = OptionSpecs, F = unknown>
  extends PartDefinition<S> {
  readonly source: string;
  /** Throws an OptionError if the options do not fit the modalities' names. */
  check?(options: OptionValues<S>, modalities: readonly string[]): void;
  /** Finds what the rule needs from validation data, as JSON; without data the rule's neutral values. */
  fit(options: OptionValues<S>, data: LabelledModalityLogits | undefined): F;
  /**
   * Fuses one sample, so its result cannot depend on its batch.
   *
   * @param out - [classes], receives the fused logits
   * @returns the weight of each modality of the row, or null
   */
  fuse(row: Row, out: Float64Array, options: OptionValues<S>, fitted: F): readonly number[] | null;
}

/** Any rule's definition, its options forgotten. */
// biome-ignore lint/suspicious/noExplicitAny: fuse() takes the options that its own specs describe
export type AnyFusionDefinition = FusionDefinition<any, any>;

/** Declares a fusion rule; a name is bound to it by exporting it from fusion/index.ts. */
export function defineFusion<const S extends OptionSpecs, F>(
  definition: FusionDefinition<S, F>,
): Part<S, FusionDefinition<S, F>> {
  return definePart("fusion", definition);
}

/** A rule with its options and fitted values. */
export interface FittedFusion {
  readonly config: PartConfig;
  /** @throws {DataError} if a sample has no modality */
  fuse(input: ModalityLogits): FusedLogits;
  /** The fitted values as JSON. */
  state(): unknown;
}

/**
 * Whether a rule can fuse these modalities.
 *
 * @throws {OptionError} if an option is wrong
 */
export function checkFusion(config: PartConfig, modalities: readonly string[]): void {
  const definition = definitionOf<AnyFusionDefinition>("fusion", config);
  definition.check?.(resolveOptions(config.name, definition.options, config.options), modalities);
}

/**
 * Configures and fits a rule; without validation data it keeps its neutral values.
 *
 * @throws {OptionError} if an option is wrong
 */
export function fitFusion(config: PartConfig, data?: LabelledModalityLogits): FittedFusion {
  return buildFusion(config, { data });
}

/**
 * A rule with values that were fitted before.
 *
 * @throws {DataFormatError} if they are no finite numbers, in a list or by name, or lists of them by name
 */
export function restoreFusion(config: PartConfig, state: unknown): FittedFusion {
  const values =
    typeof state === "object" && state !== null ? Object.values(state).flat() : [state];
  if (state !== null && !values.every(Number.isFinite)) {
    throw new DataFormatError(
      `fusion: Cannot take the fitted values of "${config.name}": expected finite numbers, got ${JSON.stringify(state)}`,
    );
  }
  return buildFusion(config, { state });
}

function buildFusion(
  config: PartConfig,
  source: { readonly data: LabelledModalityLogits | undefined } | { readonly state: unknown },
): FittedFusion {
  const definition = definitionOf<AnyFusionDefinition>("fusion", config);
  const options = resolveOptions(config.name, definition.options, config.options);
  const fitted = "state" in source ? source.state : definition.fit(options, source.data);
  return {
    config,
    fuse: (input) => fuseRows(input, (row, out) => definition.fuse(row, out, options, fitted)),
    state: () => fitted,
  };
}

function fuseRows(
  input: ModalityLogits,
  fuse: (row: Row, out: Float64Array) => readonly number[] | null,
): FusedLogits {
  const { size, classes } = input;
  const names = Object.keys(input.logits);
  const logits = new Float32Array(size * classes);
  const weights = Object.fromEntries(names.map((m) => [m, new Float32Array(size)]));
  const out = new Float64Array(classes);
  let weighted = false;
  for (let i = 0; i < size; i++) {
    const row = rowOf(input, names, i);
    const shares = fuse(row, out);
    logits.set(out, i * classes);
    row.modalities.forEach((m, j) => {
      if (shares !== null) (weights[m] as Float32Array)[i] = shares[j] as number;
    });
    weighted ||= shares !== null;
  }
  return { logits, weights: weighted ? weights : null };
}

/** @throws {DataError} if the sample has no modality */
export function rowOf(input: ModalityLogits, names: readonly string[], i: number): Row {
  const { classes } = input;
  const modalities = names.filter((m) => input.present[m]?.[i] === 1);
  if (modalities.length === 0) {
    throw new DataError(
      `fusion: Cannot fuse sample ${i}: expected at least one modality, got none`,
    );
  }
  const logits = modalities.map((m) =>
    Float64Array.from((input.logits[m] as Float32Array).subarray(i * classes, (i + 1) * classes)),
  );
  return { classes, modalities, logits };
}
