/** What is done at random to samples of a training batch: a part that is chosen by modality. */
import { type OptionSpecs, type OptionValues, resolveOptions } from "../config/options.ts";
import {
  definePart,
  definitionOf,
  type Part,
  type PartConfig,
  type PartDefinition,
} from "../config/part.ts";
import { DataError } from "../engine/errors.ts";
import type { Random } from "../random.ts";

/** By kind of modality: what all its samples have in common, and one sample. */
interface Kinds {
  dense: { form: { readonly kind: "dense"; readonly shape: readonly number[] }; one: Float32Array };
  bag: { form: { readonly kind: "bag"; readonly vocabulary: number }; one: Int32Array };
}

type Kind = keyof Kinds;

export type SampleForm = Kinds[Kind]["form"];

/** An augmentation at work on one modality. */
export interface Augmenter<K extends Kind = Kind> {
  readonly kind: K;
  /** Awaited once, before the first sample. */
  ready?(): Promise<void>;
  /**
   * @param sample - values of the modality's shape, or token ids; it stays as it is
   * @param random - of this sample in this epoch: all chance comes from it
   * @returns as many values, or any number of token ids up to as many
   */
  apply(sample: Kinds[K]["one"], random: Random): Kinds[K]["one"];
}

export interface AugmentationDefinition<S extends OptionSpecs = OptionSpecs, K extends Kind = Kind>
  extends PartDefinition<S> {
  /** Kind of modality that it takes. */
  readonly input: K;
  /** @throws {DataError | OptionError} if samples of this form cannot be changed so */
  build(options: OptionValues<S>, form: Kinds[K]["form"]): Omit<Augmenter<K>, "kind">;
}

// biome-ignore lint/suspicious/noExplicitAny: build() takes the options that its own specs describe
type AnyAugmentationDefinition = AugmentationDefinition<any, any>;

/** Declares an augmentation; a name is bound to it by exporting it from augment/index.ts. */
export function defineAugmentation<const S extends OptionSpecs, K extends Kind>(
  definition: AugmentationDefinition<S, K>,
): Part<S, AugmentationDefinition<S, K>> {
  return definePart("augmentation", definition);
}

/**
 * An augmentation for samples of one form.
 *
 * @throws {OptionError} if an option is unknown or out of range
 * @throws {DataError} if samples of this form cannot be changed so
 */
export function buildAugmenter(modality: string, config: PartConfig, form: SampleForm): Augmenter {
  const definition = definitionOf<AnyAugmentationDefinition>("augmentation", config);
  if (definition.input !== form.kind) {
    throw new DataError(
      `${config.name}: Cannot augment modality "${modality}": expected a "${definition.input}" modality, got "${form.kind}"`,
    );
  }
  const options = resolveOptions(config.name, definition.options, config.options);
  return { kind: form.kind, ...definition.build(options, form) };
}
