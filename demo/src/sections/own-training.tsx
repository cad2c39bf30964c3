import { own } from "../state/app-state.ts";
import { obstacle, trainOwn } from "../state/own-state.ts";
import { RunStatus } from "./run-status.tsx";

export function OwnTraining() {
  return (
    <div class="own-training">
      <div class="controls">
        {own.busy ? (
          <button type="button" onClick={() => own.cancel()}>
            Cancel
          </button>
        ) : (
          <button
            type="button"
            class="primary"
            disabled={obstacle.value !== null}
            onClick={() => void trainOwn()}
          >
            {own.version.value === 0 ? "Train on these" : "Train again"}
          </button>
        )}
      </div>
      <div aria-live="polite">
        {obstacle.value && <p class="hint">{obstacle.value}</p>}
        <span class="visually-hidden">{announcement()}</span>
      </div>
      {(own.busy || own.version.value > 0 || own.error.value !== null) && (
        <RunStatus studio={own} about="MLA on your recordings" />
      )}
    </div>
  );
}

/** Beginning and end, for a screen reader. */
function announcement(): string {
  if (own.busy) return "Training has begun.";
  return own.version.value > 0 ? "Training has ended." : "";
}
