import { number, type OptionValues, resolveOptions } from "../config/options.ts";
import { defineOptimizer } from "./define-optimizer.ts";
import { ListOptimizer } from "./list-optimizer.ts";
import { type Parameter, ParameterList, type StateArrays } from "./parameter-list.ts";

const OPTIONS = {
  rate: number(1e-3, "learning rate", { min: 0 }),
  beta1: number(0.9, "share of the running mean of gradients that is kept", {
    min: 0,
    max: 0.999999,
  }),
  beta2: number(0.999, "share of the running mean of squares that is kept", {
    min: 0,
    max: 0.999999,
  }),
  epsilon: number(1e-8, "added to the denominator", { min: 0 }),
  weightDecay: number(
    0,
    "times the parameter: in adam added to its gradient, in adamw to its step",
    {
      min: 0,
    },
  ),
};

export type AdamOptions = OptionValues<typeof OPTIONS>;

/**
 * Adam, and AdamW if `decoupled`; the definitions of PyTorch. The step count, and so the bias correction, is per
 * parameter: it counts the steps in which that parameter had a gradient.
 *
 * Source: Kingma and Ba, "Adam", ICLR 2015; Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019.
 */
export class Adam extends ListOptimizer {
  readonly #options: AdamOptions;
  readonly #decoupled: boolean;

  /** @throws {OptionError} if an option is out of range */
  constructor(
    parameters: Iterable<Parameter>,
    given: Partial<AdamOptions> = {},
    { decoupled = false } = {},
  ) {
    const options = resolveOptions(decoupled ? "adamw" : "adam", OPTIONS, given);
    super(new ParameterList(parameters, 2), options.rate);
    this.#options = options;
    this.#decoupled = decoupled;
  }

  state(): StateArrays {
    return {
      steps: this.parameters.steps(),
      mean: this.parameters.slot(0),
      square: this.parameters.slot(1),
    };
  }

  load(state: StateArrays): void {
    this.parameters.setSteps(state.steps, this.#options.beta1, this.#options.beta2);
    this.parameters.setSlot("mean", 0, state.mean);
    this.parameters.setSlot("square", 1, state.square);
  }

  protected move(rate: number, updateOnly: 0 | 1): void {
    const { engine, pointer } = this.parameters;
    const { beta1, beta2, epsilon, weightDecay } = this.#options;
    engine.core.adamStep(
      pointer,
      rate,
      beta1,
      beta2,
      epsilon,
      weightDecay,
      Number(this.#decoupled),
      updateOnly,
    );
  }
}

export const adam = defineOptimizer({
  name: "adam",
  title: "Adam; weight decay added to the gradient",
  options: OPTIONS,
  create: (parameters, options) => new Adam(parameters, options),
});

export const adamw = defineOptimizer({
  name: "adamw",
  title: "AdamW: Adam with weight decay apart from the gradient",
  options: OPTIONS,
  create: (parameters, options) => new Adam(parameters, options, { decoupled: true }),
});
