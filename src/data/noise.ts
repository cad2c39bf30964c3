import { DataError, formatNames, OptionError } from "../engine/errors.ts";
import { Random } from "../random.ts";
import {
  type BagData,
  type Dataset,
  type DenseData,
  type ModalityData,
  modalityNames,
} from "./dataset.ts";

/**
 * Makes modalities noisy. At strength s a number gets Gaussian noise of deviation `s / (1 - s)` times that of all
 * numbers of the modality, so that s is the noise's share of the whole amplitude; a token is lost with probability s.
 *
 * @param strengths - in [0, 1), by modality
 * @throws {OptionError} if there is no such modality
 */
export function addNoise<M extends string>(
  dataset: Dataset<M>,
  strengths: Readonly<Record<string, number>>,
  seed: number,
): Dataset<M> {
  const modalities: Record<string, ModalityData> = { ...dataset.modalities };
  for (const [name, strength] of Object.entries(strengths)) {
    const data = modalities[name];
    if (data === undefined) {
      throw new OptionError(
        `noise: Cannot find modality "${name}": expected one of ${formatNames(modalityNames(dataset))}`,
      );
    }
    if ("rows" in data) {
      throw new DataError(
        `noise: Cannot make modality "${name}" noisy: expected values in memory, got some that are read when needed; load the data with more memory`,
      );
    }
    const random = new Random(seed, `noise/${name}`);
    modalities[name] =
      data.kind === "dense" ? blur(data, strength, random) : loseTokens(data, strength, random);
  }
  return { ...dataset, modalities: modalities as Record<M, ModalityData> };
}

function blur(data: DenseData, strength: number, random: Random): DenseData {
  const { values } = data;
  let sum = 0;
  let squares = 0;
  for (const x of values) {
    sum += x;
    squares += x * x;
  }
  const mean = sum / values.length;
  const deviation = Math.sqrt(Math.max(0, squares / values.length - mean * mean));
  const scale = (deviation * strength) / (1 - strength);
  return { ...data, values: values.map((x) => x + scale * random.normal()) };
}

function loseTokens(data: BagData, strength: number, random: Random): BagData {
  const offsets = new Int32Array(data.offsets.length);
  const kept: number[] = [];
  for (let i = 0; i + 1 < offsets.length; i++) {
    for (const id of data.ids.subarray(data.offsets[i], data.offsets[i + 1])) {
      if (random.float() >= strength) kept.push(id);
    }
    offsets[i + 1] = kept.length;
  }
  return { ...data, ids: Int32Array.from(kept), offsets };
}
