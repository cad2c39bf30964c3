import type { Studio } from "./studio.ts";

/** Who is listened to: one modality, the others muted, or all together. */
export type Listener = string | typeof TOGETHER;
export const TOGETHER = Symbol("together");

/** Accuracy on the validation part after each epoch so far. */
export function accuracyOf({ epochs }: Studio, listener: Listener): number[] {
  return epochs.value.map(({ validation }) => {
    const scores =
      listener === TOGETHER ? validation?.fused : validation?.modalities[listener as string];
    return scores?.accuracy ?? 0;
  });
}
