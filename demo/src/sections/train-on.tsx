import { seed } from "../state/app-state.ts";
import type { Studio } from "../state/studio.ts";

/** Trains on with the changed labels, and takes that back. */
export function TrainOn({ studio }: { readonly studio: Studio }) {
  const { changes, furthered, busy } = studio;
  if (changes.value === 0 && !furthered.value) return null;
  return (
    <div class="controls train-on" aria-live="polite">
      <p>
        {changes.value === 1 ? "1 sample changed." : `${changes.value} samples changed.`}
        {furthered.value && " Trained on with them."}
      </p>
      <button
        type="button"
        class="primary"
        disabled={busy}
        onClick={() => void studio.trainOn(seed.value)}
      >
        {studio.phase.value === "further" ? "Training on…" : "Train on, 4 epochs"}
      </button>
      {furthered.value && (
        <button type="button" disabled={busy} onClick={() => void studio.undo()}>
          Undo the training on
        </button>
      )}
    </div>
  );
}
