/** The four questions of the paper, each a grid of methods and protocols. */

import type { PartConfig } from "../../config/part.ts";
import { PROTOCOL_PARTS } from "../../data/protocols.ts";
import { meanOfLogits } from "../../fusion/index.ts";
import { concat, late, mla, mmin, ogmGe, qmf, ume } from "../../methods/index.ts";
import { METHODS } from "../../methods/registry.ts";
import type { MethodChoice } from "./plan.ts";

/** The protocols of a question. @param modalities - of the data */
type Protocols = (modalities: readonly string[]) => readonly PartConfig[];

export interface Question {
  readonly title: string;
  readonly methods: readonly MethodChoice[];
  /** By name, the default first; what is missing or noisy, and how much. */
  readonly protocols: Readonly<Record<string, Protocols>>;
  /** True if it asks how the distance between modalities goes with accuracy, over all methods there are figures of. */
  readonly asksForGaps?: boolean;
}

const { complete, cells, testOnly, oneModality, noise, patterns } = PROTOCOL_PARTS;
const RATES = [0.1, 0.3, 0.5, 0.7];
const SHARES = [0.3, 0.6, 0.9];
const STRENGTHS = [0.25, 0.5, 0.75];

const COMPLETE = { complete: () => [complete()] };

export const QUESTIONS: Readonly<Record<string, Question>> = {
  q1: {
    title: "complete modalities, every method",
    methods: Object.values(METHODS).map(({ name }) => ({ name, options: {} })),
    protocols: COMPLETE,
  },
  q2: {
    title: "modalities missing in training and test",
    methods: [
      mla(),
      ume(),
      late(),
      concat(),
      concat({ modalityDropout: 0.3 }),
      qmf(),
      mmin(),
      ogmGe(),
    ],
    protocols: {
      cells: () => [complete(), ...RATES.map((rate) => cells({ rate }))],
      "test-only": () => [complete(), ...RATES.map((rate) => testOnly({ rate }))],
      patterns: () => [complete(), patterns()],
      noise: (modalities) => [
        complete(),
        ...modalities.flatMap((m) => STRENGTHS.map((s) => noise({ strength: { [m]: s } }))),
      ],
    },
  },
  q3: {
    title: "ablation: alternating, gradient modification, dynamic fusion; heads apart",
    methods: [
      { ...mla({ variant: "off" }), fusion: meanOfLogits() },
      { ...mla(), fusion: meanOfLogits() },
      mla({ variant: "off" }),
      mla(),
      { ...ume(), fusion: meanOfLogits() },
      ume(),
    ],
    protocols: COMPLETE,
  },
  q4: {
    title: "one modality missing in training: the accuracy of the others; the modality gap",
    methods: [mla(), qmf(), concat(), ume()],
    protocols: {
      "one-modality": (modalities) => [
        complete(),
        ...modalities.flatMap((m) => SHARES.map((share) => oneModality({ lost: { [m]: share } }))),
      ],
    },
    asksForGaps: true,
  },
};
