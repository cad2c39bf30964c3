/** Fits positive factors on validation data by a search that is the same on every machine. */
import { exp } from "../engine/math.ts";
import { type LabelledModalityLogits, type Row, rowOf } from "./fusion.ts";
import { logSoftmax } from "./row-math.ts";

/** Factors are searched in [exp(-REACH), exp(REACH)]. */
const REACH = 3;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const SHRINKS = 30;
/** Pull of the logarithm of a factor towards 0: keeps a factor finite where the data do not care. */
const PULL = 1e-3;

/** The rows that have at least one modality, with their labels. */
export function labelledRows(data: LabelledModalityLogits): { row: Row; label: number }[] {
  const names = Object.keys(data.logits);
  return Array.from({ length: data.size }, (_, i) => i)
    .filter((i) => names.some((m) => data.present[m]?.[i] === 1))
    .map((i) => ({ row: rowOf(data, names, i), label: data.labels[i] as number }));
}

/** Negative log-likelihood of a class under logits, nats. */
export function nllOf(logits: Float64Array, label: number): number {
  return -(logSoftmax(logits, new Float64Array(logits.length))[label] as number);
}

/**
 * One positive factor per name that makes `cost` small: coordinate descent over logarithms with golden-section search,
 * plus a small pull towards 1.
 *
 * @param cost - mean cost of the given factors
 */
export function fitFactors(
  names: readonly string[],
  cost: (factors: Readonly<Record<string, number>>) => number,
  sweeps: number,
): Record<string, number> {
  const logs = Object.fromEntries(names.map((name) => [name, 0]));
  const factors = () =>
    Object.fromEntries(Object.entries(logs).map(([name, value]) => [name, exp(value)]));
  const penalised = () =>
    cost(factors()) + PULL * Object.values(logs).reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const name of names) {
      logs[name] = goldenSection((value) => {
        logs[name] = value;
        return penalised();
      });
    }
  }
  return factors();
}

function goldenSection(cost: (value: number) => number): number {
  let low = -REACH;
  let high = REACH;
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let costLeft = cost(left);
  let costRight = cost(right);
  for (let i = 0; i < SHRINKS; i++) {
    if (costLeft <= costRight) {
      high = right;
      right = left;
      costRight = costLeft;
      left = high - GOLDEN * (high - low);
      costLeft = cost(left);
    } else {
      low = left;
      left = right;
      costLeft = costRight;
      right = low + GOLDEN * (high - low);
      costRight = cost(right);
    }
  }
  return (low + high) / 2;
}
