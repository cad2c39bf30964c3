import {
  integer,
  number,
  type OptionSpecs,
  type OptionValues,
  resolveOptions,
} from "../config/options.ts";
import {
  definePart,
  findPart,
  type Part,
  type PartConfig,
  type PartDefinition,
  registryOf,
} from "../config/part.ts";

/** Factor of the learning rate at step `step` (from 0) of `steps`. */
export type Schedule = (step: number, steps: number) => number;

export interface ScheduleDefinition<S extends OptionSpecs = OptionSpecs> extends PartDefinition<S> {
  factor(progress: number, options: OptionValues<S>): number;
}

/** Any schedule's definition, its options forgotten. */
// biome-ignore lint/suspicious/noExplicitAny: factor() takes the options that its own specs describe
export type AnyScheduleDefinition = ScheduleDefinition<any>;

function defineSchedule<const S extends OptionSpecs>(
  definition: ScheduleDefinition<S>,
): Part<S, ScheduleDefinition<S>> {
  return definePart("schedule", definition);
}

const warmup = number(0, "share of the run in which the rate climbs from 0", { min: 0, max: 0.9 });

/** Always the same rate. */
export const constant = defineSchedule({
  name: "constant",
  title: "one learning rate",
  options: {},
  factor: () => 1,
});

/** The rate times `factor` from a share of the run on; several drops follow at equal distances until the end. */
export const stepDecay = defineSchedule({
  name: "step-decay",
  title: "the rate drops at a share of the run",
  options: {
    at: number(0.7, "share of the run before the first drop", { min: 0, max: 1 }),
    factor: number(0.1, "what each drop multiplies the rate by", { min: 0, max: 1 }),
    drops: integer(1, "number of drops", { min: 1, max: 10 }),
  },
  factor(progress, { at, factor, drops }) {
    let product = 1;
    for (let drop = 0; drop < drops; drop++) {
      if (progress >= at + (drop * (1 - at)) / drops) product *= factor;
    }
    return product;
  },
});

/** A straight line from the full rate to 0. */
export const linearDecay = defineSchedule({
  name: "linear-decay",
  title: "the rate falls in a straight line to 0",
  options: { warmup },
  factor: (progress, options) => climb(progress, options.warmup, (rest) => 1 - rest),
});

/** Half a cosine from the full rate to 0. Source: Loshchilov and Hutter, "SGDR", ICLR 2017, eq. 5 without restarts. */
export const cosineDecay = defineSchedule({
  name: "cosine-decay",
  title: "the rate falls along half a cosine to 0",
  options: { warmup },
  factor: (progress, options) => climb(progress, options.warmup, halfCosine),
});

function climb(progress: number, warmup: number, fall: (rest: number) => number): number {
  return progress < warmup ? progress / warmup : fall((progress - warmup) / (1 - warmup));
}

/**
 * (1 + cos(pi x)) / 2 for x in [0, 1], within 2e-9: the Taylor series of the sine around the middle, where the curve is
 * odd. Host cosines differ from machine to machine.
 */
function halfCosine(x: number): number {
  const t = (0.5 - x) * Math.PI;
  const square = t * t;
  let term = t;
  let sine = t;
  for (let n = 2; n <= 14; n += 2) {
    term *= -square / (n * (n + 1));
    sine += term;
  }
  return (1 + sine) / 2;
}

/** Every schedule by name. */
export const SCHEDULES: Readonly<Record<string, AnyScheduleDefinition>> =
  registryOf<AnyScheduleDefinition>({ constant, cosineDecay, linearDecay, stepDecay });

/** Configures a schedule by name. @throws {OptionError} */
export function buildSchedule({ name, options: given }: PartConfig): Schedule {
  const { factor, options: specs } = findPart("schedule", SCHEDULES, name);
  const options = resolveOptions(name, specs, given);
  return (step, steps) => factor(step / steps, options);
}
