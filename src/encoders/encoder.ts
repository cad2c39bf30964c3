import type { OptionSpecs, OptionValues } from "../config/options.ts";
import { definePart, type Part, type PartDefinition } from "../config/part.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { Mode } from "../nn/layers.ts";
import type { Parameters } from "../nn/parameters.ts";

/** What one sample of a modality looks like. */
export type InputSpec =
  | { readonly kind: "dense"; readonly shape: readonly number[] }
  | { readonly kind: "bag"; readonly vocabulary: number };

/** The samples of a batch that have the modality, as tensors. */
export type EncoderInput =
  | { readonly kind: "dense" /** [n, ...shape] */; readonly values: Tensor }
  | {
      readonly kind: "bag";
      /** i32, the token lists one after the other. */ readonly ids: Tensor;
      /** i32 [n]: where each list starts in ids; it ends where the next one starts. */ readonly offsets: Tensor;
    };

/** Turns inputs into features h = enc(x), [n, dim]. */
export interface Encoder {
  readonly parameters: Parameters;
  forward(input: EncoderInput, mode: Mode): Tensor;
  /**
   * Floating-point operations per sample, forward, of products and convolutions: a multiply and an add are two. Of token
   * lists that an encoder reads as sequences: at its longest one.
   */
  readonly flops: number;
}

export interface EncoderContext<S extends OptionSpecs, K extends InputSpec["kind"]> {
  readonly options: OptionValues<S>;
  readonly input: Extract<InputSpec, { kind: K }>;
  /** Length of the features: all encoders of a model end in the same. */
  readonly dim: number;
  readonly parameters: Parameters;
}

export interface EncoderDefinition<
  S extends OptionSpecs = OptionSpecs,
  K extends InputSpec["kind"] = InputSpec["kind"],
> extends PartDefinition<S> {
  /** Kinds of input that it takes. */
  readonly input: K | readonly K[];
  /** What it mostly reads: the input of which lists tell size and cost. */
  readonly typical?: InputSpec;
  build(context: EncoderContext<S, K>): {
    forward(input: Extract<EncoderInput, { kind: K }>, mode: Mode): Tensor;
    readonly flops: number;
  };
}

/** Any encoder's definition, its options and input kind forgotten. */
// biome-ignore lint/suspicious/noExplicitAny: build() takes the options that its own specs describe
export type AnyEncoderDefinition = EncoderDefinition<any, any>;

/** Declares an encoder; a name is bound to it by exporting it from encoders/index.ts. */
export function defineEncoder<const S extends OptionSpecs, K extends InputSpec["kind"]>(
  definition: EncoderDefinition<S, K>,
): Part<S, EncoderDefinition<S, K>> {
  return definePart("encoder", definition);
}
