/** What each encoder is, for the command line and the docs: derived from the definitions. */
import { keepMarkup, markdownTable } from "../config/markdown.ts";
import { optionUse } from "../config/option-use.ts";
import type { OptionSpecs } from "../config/options.ts";
import { formatShape } from "../engine/errors.ts";
import type { InputSpec } from "./encoder.ts";
import * as encoders from "./index.ts";
import { planEncoder } from "./plan.ts";

const DIM = 64;

export interface EncoderDescription {
  readonly name: string;
  readonly title: string;
  /** Kinds of input that it takes. */
  readonly inputs: readonly string[];
  readonly options: OptionSpecs;
  /** What it costs with default options on an input that it mostly reads, in words. */
  readonly cost: { readonly input: string; readonly size: number; readonly flops: number };
}

/** Every encoder in the order of names. */
export function describeEncoders(): EncoderDescription[] {
  return Object.values(encoders)
    .map((part) => {
      const { name, title, input, typical, options } = part.definition;
      const example = typical as InputSpec;
      const { size, flops } = planEncoder(name, part(), example, DIM);
      const cost = { input: describeInput(example), size, flops };
      return { name, title, inputs: [input].flat() as string[], options, cost };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describeInput(input: InputSpec): string {
  return input.kind === "dense" ? formatShape(input.shape) : `${input.vocabulary} tokens`;
}

/** Size and cost of a plan in words: `11.2 million weights, 3.63 GFLOP per sample`. */
export function describeCost({ size, flops }: { size: number; flops: number }): string {
  return `${formatCount(size)} weights, ${formatCount(flops, ["FLOP", "kFLOP", "MFLOP", "GFLOP"])} per sample`;
}

function formatCount(value: number, units = ["", "thousand", "million", "billion"]): string {
  let scaled = value;
  let unit = 0;
  for (; scaled >= 1000 && unit < units.length - 1; unit++) scaled /= 1000;
  return `${Number(scaled.toPrecision(3))} ${units[unit]}`;
}

/** A Markdown table of all encoders. */
export function encoderTable(): string {
  const rows = describeEncoders().map(({ name, title, inputs, options, cost }) => [
    `\`${name}\``,
    title,
    inputs.map((kind) => (kind === "dense" ? "numbers" : "token lists")).join(", "),
    `${cost.input}: ${describeCost(cost)}`,
    Object.entries(options)
      .map(([key, spec]) => `${optionUse(key, spec)}: ${spec.doc}`)
      .join("<br>"),
  ]);
  const head = ["encoder", "what it does", "reads", "size and cost", "options"];
  return markdownTable(head, rows, head.length, keepMarkup);
}
