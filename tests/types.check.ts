import {
  type BatchProgress,
  type defineEncoder,
  type defineFusion,
  type defineMethod,
  type EncoderContext,
  encoders,
  type FusionDefinition,
  fromArrays,
  type MethodContext,
  type Model,
  type ModelSpec,
  type Scores,
  type TensorOptions,
  train,
} from "../src/index.ts";

/** What own parts and callbacks are written with must have public names. */
export type PublicNames = [
  BatchProgress,
  EncoderContext<never, "dense">,
  FusionDefinition,
  MethodContext<string, unknown>,
  ModelSpec,
  Scores,
  TensorOptions,
  typeof defineEncoder,
  typeof defineFusion,
  typeof defineMethod,
];

/** Never called: the compiler checks it. An expected error that does not occur fails `npm run types`. */
export function misspeltModalitiesDoNotCompile(model: Model<"image" | "words">): void {
  const data = fromArrays({ modalities: { image: [[1]], words: ["a"] }, labels: ["x"] });
  const { mlp, bagOfWords } = encoders;
  train({ data: { train: data }, encoders: { image: mlp(), words: bagOfWords() } });
  // @ts-expect-error: "word" is no modality of the data
  train({ data: { train: data }, encoders: { image: mlp(), word: bagOfWords() } });
  // @ts-expect-error: an encoder is missing
  train({ data: { train: data }, encoders: { image: mlp() } });
  model.predict({ image: [1] });
  // @ts-expect-error: "picture" is no modality of the model
  model.predict({ picture: [1] });
  // @ts-expect-error: the option is called "hidden"
  mlp({ hiden: [1] });
}
