import { percent, seconds } from "../parts/format.ts";
import type { Studio } from "../state/studio.ts";

interface RunStatusProps {
  readonly studio: Studio;
  readonly about: string;
}

/** Where one training stands, in a bar and in words. */
export function RunStatus({ studio, about }: RunStatusProps) {
  const { title, progress, error } = studio;
  const now = progress.value;
  const share = now === null ? 0 : (now.epoch - 1 + now.batch / now.batches) / now.epochs;
  return (
    <div class="run">
      <h3>
        {title} <small>{about}</small>
      </h3>
      <progress aria-label={`${title}: training`} max={1} value={share} />
      <p class="hint">{error.value ?? describe(studio)}</p>
    </div>
  );
}

function describe({ phase, progress, outcome, epochs, version }: Studio): string {
  const now = progress.value;
  switch (phase.value) {
    case "empty":
    case "ready":
      return version.value > 0 ? "Opened from a file." : "Not trained yet.";
    case "loading":
      return "Opening the data…";
    case "training":
    case "pausing":
      if (now === null) return "Starting…";
      return `Epoch ${now.epoch} of ${now.epochs}, ${seconds(now.etaSeconds)} to go, ${Math.round(now.samplesPerSecond)} samples a second`;
    case "further":
      return "Training on with your changes…";
    case "paused":
      return now === null ? "Paused." : `Paused in epoch ${now.epoch} of ${now.epochs}.`;
    case "done": {
      const { end, selectedEpoch, seconds: time } = outcome.value ?? {};
      const best = epochs.value[(selectedEpoch ?? 0) - 1]?.validation?.fused?.accuracy ?? 0;
      const how = end === "complete" ? "Trained" : "Cancelled";
      return `${how} in ${seconds(time ?? 0)}; epoch ${selectedEpoch} kept: ${percent(best)} right with both.`;
    }
  }
}
