import { flag, number, type OptionValues, resolveOptions } from "../config/options.ts";
import { OptionError } from "../engine/errors.ts";
import { defineOptimizer } from "./define-optimizer.ts";
import { ListOptimizer } from "./list-optimizer.ts";
import { type Parameter, ParameterList, type StateArrays } from "./parameter-list.ts";

const OPTIONS = {
  rate: number(0.1, "learning rate", { min: 0 }),
  momentum: number(0.9, "share of the last step that is kept", { min: 0, max: 1 }),
  nesterov: flag(false, "looks ahead along the momentum"),
  weightDecay: number(1e-4, "times the parameter, added to its gradient", { min: 0 }),
};

export type SgdOptions = OptionValues<typeof OPTIONS>;

/** Stochastic gradient descent with momentum; the definitions and signs of PyTorch. */
export class Sgd extends ListOptimizer {
  readonly #options: SgdOptions;

  /** @throws {OptionError} if an option is out of range, or nesterov is asked for without momentum */
  constructor(parameters: Iterable<Parameter>, given: Partial<SgdOptions> = {}) {
    const options = resolveOptions("sgd", OPTIONS, given);
    if (options.nesterov && options.momentum === 0) {
      throw new OptionError(
        'sgd: Cannot set option "nesterov": expected a momentum above 0, got 0',
      );
    }
    super(new ParameterList(parameters, options.momentum > 0 ? 1 : 0), options.rate);
    this.#options = options;
  }

  state(): StateArrays {
    const steps = this.parameters.steps();
    return this.#options.momentum > 0 ? { steps, momentum: this.parameters.slot(0) } : { steps };
  }

  load(state: StateArrays): void {
    this.parameters.setSteps(state.steps);
    if (this.#options.momentum > 0) this.parameters.setSlot("momentum", 0, state.momentum);
  }

  protected move(rate: number, updateOnly: 0 | 1): void {
    const { engine, pointer } = this.parameters;
    const { momentum, nesterov, weightDecay } = this.#options;
    engine.core.sgdStep(pointer, rate, momentum, Number(nesterov), weightDecay, updateOnly);
  }
}

export const sgd = defineOptimizer({
  name: "sgd",
  title: "stochastic gradient descent with momentum",
  options: OPTIONS,
  create: (parameters, options) => new Sgd(parameters, options),
});
