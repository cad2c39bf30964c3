/** What MLA's projection did over a training, in the terms of the charts. */
import type { Studio } from "./studio.ts";

export interface Measured {
  /** The modality whose steps these are. */
  readonly name: string;
  readonly points: readonly {
    /** In epochs. */
    readonly at: number;
    /** In how many directions of the head's input its steps are held back. */
    readonly directions: number;
    /** Between the step and its projection, in degrees. */
    readonly angle: number;
    /** How far a step would move, and moves, the other modalities' logits. */
    readonly rawDrift: number;
    readonly drift: number;
  }[];
}

/** Of the head's input: the length of the features, by default, and one for the bias. */
export const HEAD_WIDTH = 65;

export function measuresOf({ info, traces }: Studio): Measured[] {
  const seen = traces.value.filter(({ measures }) => measures !== null);
  if (seen.length === 0) return [];
  return (info.value?.modalities ?? []).map((name) => ({
    name,
    points: seen.map(({ at, measures }) => {
      const { trace = 1, cosine = 1, drift = 0, rawDrift = 0 } = measures?.[name] ?? {};
      const angle = (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
      return { at, directions: HEAD_WIDTH * (1 - trace), angle, drift, rawDrift };
    }),
  }));
}
