/** What the page's models are made of. */
import {
  type Dataset,
  encoders,
  type Model,
  methods,
  openModel,
  type PartConfig,
} from "altermodal";
import type { TrainOptions } from "./protocol.ts";

export function methodOf({ method, memory }: TrainOptions): PartConfig {
  return method === "mla" ? methods.mla({ memory }) : methods.concat();
}

/** By what a modality's data look like: words, pictures and sounds, or plain numbers. */
export function encodersFor({ modalities }: Dataset): Record<string, PartConfig> {
  const entries = Object.entries(modalities).map(([name, data]) => [
    name,
    data.kind === "bag"
      ? encoders.bagOfWords()
      : data.shape.length === 3
        ? encoders.conv({ channels: [16, 32, 64] })
        : encoders.mlp(),
  ]);
  return Object.fromEntries(entries);
}

/** Opens a model that was saved here. */
export function reopen(bytes: Uint8Array): Promise<Model<string>> {
  const { bagOfWords, conv, mlp } = encoders;
  return openModel(bytes, { parts: [methods.mla, methods.concat, bagOfWords, conv, mlp] });
}
