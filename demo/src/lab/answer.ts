/** What a model says, and who decided. */
import { type Dataset, type Model, mask } from "altermodal";
import { explainAll } from "altermodal/explain";
import type { Answer, Sheet, Voice } from "./protocol.ts";

/**
 * @param sample - a dataset of one sample
 * @returns null if no modality is left
 */
export function answer(
  model: Model<string>,
  sample: Dataset,
  muted: readonly string[],
): Answer | null {
  const names = Object.keys(sample.modalities);
  const heard = names.filter(
    (name) => !muted.includes(name) && sample.modalities[name]?.present?.[0] !== 0,
  );
  if (heard.length === 0) return null;
  const silence = names.map((name) => [name, Uint8Array.of(heard.includes(name) ? 1 : 0)]);
  const [explained] = explainAll(model, mask(sample, Object.fromEntries(silence))).samples;
  if (explained === undefined) return null;
  const { label, value, baseline, shapley, weights, alone } = explained;
  const voice = (name: string): Voice => {
    const own = alone[name];
    return {
      heard: heard.includes(name),
      weight: weights?.[name] ?? null,
      share: shapley[name] ?? 0,
      alone: own ? { label: own.label, probability: own.probabilities[own.label] ?? 0 } : null,
    };
  };
  return {
    label,
    probability: value,
    chance: baseline,
    voices: Object.fromEntries(names.map((name) => [name, voice(name)])),
  };
}

/** What the model says of every sample of a dataset. */
export function sheet(model: Model<string>, dataset: Dataset): Omit<Sheet, "labels"> {
  const predictions = model.predictAll(dataset.modalities);
  return {
    said: Int32Array.from(predictions, ({ label }) => dataset.classes.indexOf(label)),
    sureness: Float32Array.from(
      predictions,
      ({ label, probabilities }) => probabilities[label] ?? 0,
    ),
  };
}
