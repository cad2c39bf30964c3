/** What a game over modalities is played for: the value of a class, and what is said when nothing is seen. */
import type { Dataset } from "../data/dataset.ts";
import { formatNames, OptionError } from "../engine/errors.ts";
import { exp, log } from "../engine/math.ts";

/** What a value is measured in: the probability of a class, or log(p / (1 - p)) in nats. */
export type ExplainScale = "probability" | "log-odds";

/** What is said of a sample of which nothing is seen: each class alike, or a probability per class. */
export type Prior = "uniform" | Readonly<Record<string, number>>;

/** The value of class c under log probabilities of all classes. */
export type ToValue = (logs: Float64Array, c: number) => number;

/** Stands for a prior of 0, whose log-odds would be infinite. */
const LEAST = 1e-12;

/** Share of each class among the labels: a prior for {@link explain}. Unlabelled samples do not count. */
export function classShares({ classes, labels }: Dataset): Record<string, number> {
  const known = labels.filter((label) => label >= 0);
  return Object.fromEntries(
    classes.map((name, c) => [name, known.filter((label) => label === c).length / known.length]),
  );
}

/** @throws {OptionError} if there is no such scale, or it needs more classes */
export function readScale(scale: ExplainScale, classes: number): ToValue {
  if (scale === "probability") return (logs, c) => exp(logs[c] as number);
  if (scale === "log-odds" && classes > 1) {
    return (logs, c) => (logs[c] as number) - logSum(logs.filter((_, k) => k !== c));
  }
  throw new OptionError(
    `explain: Cannot use the scale "${scale}" with ${classes} classes: expected "probability", or "log-odds" with two or more`,
  );
}

/** log sum exp, shifted by the greatest. */
function logSum(logs: Float64Array): number {
  const top = Math.max(...logs);
  return top + log(logs.reduce((sum, value) => sum + exp(value - top), 0));
}

/**
 * Log probability of each class.
 *
 * @throws {OptionError} if a class is unknown or left out, or the probabilities do not add up to 1
 */
export function readPrior(classes: readonly string[], prior: Prior): Float64Array {
  if (prior === "uniform") return new Float64Array(classes.length).fill(-log(classes.length));
  const values = classes.map((name) => prior[name] ?? Number.NaN);
  const sum = values.reduce((total, value) => total + value, 0);
  const unknown = Object.keys(prior).find((name) => !classes.includes(name));
  if (unknown !== undefined || !(Math.abs(sum - 1) < 1e-6) || values.some((value) => value < 0)) {
    const got = unknown === undefined ? `a sum of ${sum}` : `class "${unknown}"`;
    throw new OptionError(
      `explain: Cannot use the prior: expected a probability for each of ${formatNames(classes)} that add up to 1, got ${got}`,
    );
  }
  return Float64Array.from(values, (value) => log(Math.max(value, LEAST)));
}
