import { percent } from "../parts/format.ts";
import { accuracyOf } from "../state/accuracy.ts";
import { alternating, joint, raceRuns } from "../state/app-state.ts";

/** What the two trainings showed, in a sentence; also for who cannot see the curves. */
export function RaceFinding() {
  return (
    <p class="finding" aria-live="polite">
      {sentence()}
    </p>
  );
}

function sentence(): string {
  const epochs = Math.min(joint.epochs.value.length, alternating.epochs.value.length);
  if (raceRuns.value) {
    const total = alternating.progress.value?.epochs ?? 0;
    return epochs === 0 ? "Training has begun." : announce(epochs, total);
  }
  if (epochs === 0) return "";
  if ([joint, alternating].some(({ outcome }) => outcome.value?.end === "cancelled")) {
    return "Cancelled. Trained to the end, the curves tell which sense is lazy.";
  }
  const gaps = gapsAfter(epochs);
  const [lazy] = gaps;
  if (lazy === undefined || lazy.gap < 0.02) {
    return "No lazy sense this time: joint training brought each as far as MLA did. Try another seed or the other data.";
  }
  return `The ${lazy.name} stayed lazy in joint training: alone it is right in ${percent(lazy.joint)}, after MLA in ${percent(lazy.alternating)}. ${rest(gaps.slice(1))}`;
}

function rest(gaps: ReturnType<typeof gapsAfter>): string {
  return gaps
    .map((gap) => `The ${gap.name}: ${percent(gap.joint)} against ${percent(gap.alternating)}.`)
    .join(" ");
}

/** Begins, each quarter, ends: enough for a screen reader. */
function announce(epochs: number, total: number): string {
  const quarter = Math.floor((4 * epochs) / Math.max(total, 1));
  return quarter === 0 ? "Training has begun." : `Training: ${quarter} of 4 quarters done.`;
}

function gapsAfter(epochs: number) {
  return (alternating.info.value?.modalities ?? [])
    .map((name) => {
      const at = (studio: typeof joint) => accuracyOf(studio, name)[epochs - 1] ?? 0;
      return {
        name,
        joint: at(joint),
        alternating: at(alternating),
        gap: at(alternating) - at(joint),
      };
    })
    .sort((a, b) => b.gap - a.gap);
}
