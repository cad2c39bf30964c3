/** The four questions of the paper, each a grid of methods and protocols. */

import type { PartConfig } from "../../config/part.ts";
import { PROTOCOL_PARTS } from "../../data/protocols.ts";
import { entropy, meanOfLogits } from "../../fusion/index.ts";
import { concat, late, mla, qmf, sum, ume } from "../../methods/index.ts";
import { METHODS } from "../../methods/registry.ts";
import type { MethodChoice } from "./plan.ts";

export interface Question {
  readonly title: string;
  readonly methods: readonly MethodChoice[];
  /** @param modalities - of the data */
  protocols(modalities: readonly string[]): readonly PartConfig[];
}

const { complete, cells, oneModality } = PROTOCOL_PARTS;
const RATES = [0.1, 0.3, 0.5, 0.7];
const SHARES = [0.3, 0.6, 0.9];

export const QUESTIONS: Readonly<Record<string, Question>> = {
  q1: {
    title: "complete modalities, every method",
    methods: Object.values(METHODS).map(({ name }) => ({ name, options: {} })),
    protocols: () => [complete()],
  },
  q2: {
    title: "modalities missing in training and test",
    methods: [mla(), ume(), late(), concat(), concat({ modalityDropout: 0.3 }), sum()],
    protocols: () => [complete(), ...RATES.map((rate) => cells({ rate }))],
  },
  q3: {
    title: "ablation: alternating, gradient modification, dynamic fusion",
    methods: [
      { ...mla({ variant: "off" }), fusion: meanOfLogits() },
      { ...mla(), fusion: meanOfLogits() },
      { ...mla({ variant: "off" }), fusion: entropy() },
      mla(),
      late(),
      ume(),
    ],
    protocols: () => [complete()],
  },
  q4: {
    title: "one modality missing in training: the accuracy of the others",
    methods: [mla(), qmf(), concat(), sum(), ume()],
    protocols: (modalities) => [
      complete(),
      ...modalities.flatMap((m) => SHARES.map((share) => oneModality({ lost: { [m]: share } }))),
    ],
  },
};
