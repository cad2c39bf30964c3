import type { Mutant } from "./mutant.ts";

const mutant = (method: string, name: string, search: string, replace: string): Mutant => ({
  name: `${method}: ${name}`,
  file: `src/methods/${method}.ts`,
  search,
  replace,
  tests: [`tests/methods/${method}.test.ts`],
});

/** The newer methods without their core step. */
export const FIELD_METHOD_MUTANTS: readonly Mutant[] = [
  mutant(
    "mla-joint",
    "the mixing is not learnt",
    "tanh(matmul(stopGradient(h[m]), mixers[m]",
    "tanh(matmul(stopGradient(h[m]), stopGradient(mixers[m])",
  ),
  mutant("mla-joint", "nothing is multiplied", "mul(u[a], u[b])", "u[a]"),
  mutant(
    "stack",
    "the voice of the sum network is the modalities' own",
    "encoders[m].forward(input as EncoderInput, EVALUATION)",
    "context.encoders[m].forward(input as EncoderInput, EVALUATION)",
  ),
  mutant(
    "dgl",
    "the joint loss reaches the encoders",
    "linear(stopGradient(values), weight",
    "linear(values, weight",
  ),
  mutant(
    "dgl",
    "the own losses reach the heads",
    "linear(values, stopGradient(weight)",
    "linear(values, weight",
  ),
  mutant("arl", "encoders weigh alike", "1 + weight)", "1.5)"),
  mutant(
    "arl",
    "the surer modality gets more",
    "1 / Math.max(entropy / entropies",
    "Math.max(entropy / entropies",
  ),
  mutant("g2d", "nobody waits", "clearGradients(encoders[first.m].parameters.trained());", ""),
  mutant("g2d", "the less confident one waits", "b.score - a.score", "a.score - b.score"),
  mutant("mmpareto", "gradients that disagree are added", "uv > 0 || between === 0", "true"),
  mutant("mmpareto", "gradients are not lengthened", "Math.max(1, wanted / length)", "1"),
  mutant("lfm", "nothing is aligned", "2 * (1 - a)", "0 * (1 - a)"),
  mutant("opm", "what is left is not scaled up", "mul(values, scale)", "mul(values, 1)"),
  mutant("opm", "who is behind is dropped, too", "lead > 0 ?", "lead >= 0 ?"),
  mutant("amco", "flags are never raised", "share > options.threshold", "share > 1"),
  mutant(
    "amco",
    "the mask does not grow within an epoch",
    "const length = growth * epoch * batch",
    "const length = growth * epoch",
  ),
  mutant(
    "reconboost",
    "what the others know does not count",
    "options.label - options.known * q",
    "options.label",
  ),
  mutant(
    "reconboost",
    "the agreement has no gradient",
    "spread(softmax(own.z), own.rows, size)",
    "spread(softmax(stopGradient(own.z)), own.rows, size)",
  ),
  mutant(
    "inforeg",
    "the stronger modality runs free",
    "(gradient[i] as number) + strength * way",
    "gradient[i] as number",
  ),
  mutant("inforeg", "the window never closes", "> options.threshold)", ">= 0)"),
  mutant(
    "modality-valuation",
    "a modality's value is its own score",
    "(with_?.[i] as number) - (without?.[i] as number)",
    "with_?.[i] as number",
  ),
  mutant("data-remixing", "the surest modality is kept", "evenness > most", "-evenness > most"),
  mutant(
    "relearning",
    "encoders stay where they are",
    "const weight = tanh(",
    "const weight = 0 * tanh(",
  ),
  mutant(
    "relearning",
    "the slice is trained on",
    "return { data: rest };",
    "return { data: data.dataset };",
  ),
  mutant("aug", "the stronger modality grows", "a.score - b.score", "b.score - a.score"),
  mutant("aug", "the last layer learns what is known", "options.known / count", "0 / count"),
];
