import { SeedField } from "../parts/seed-field.tsx";
import { alternating, joint, race, raceRuns } from "../state/app-state.ts";
import type { Studio } from "../state/studio.ts";

/** Start, pause, go on, cancel; the seed. */
export function RaceControls() {
  const active = [joint, alternating].filter((studio) => studio.busy);
  const all = (act: (studio: Studio) => void) => () => {
    for (const studio of active) act(studio);
  };
  const paused = active.length > 0 && active.every(({ phase }) => phase.value === "paused");
  const pausing = active.some(({ phase }) => phase.value === "pausing");
  const loading = active.some(({ phase }) => phase.value === "loading");
  return (
    <div class="controls">
      <SeedField disabled={raceRuns.value} />
      {!raceRuns.value && (
        <button type="button" class="primary" onClick={() => void race()}>
          {alternating.outcome.value === null ? "Train both" : "Train both again"}
        </button>
      )}
      {raceRuns.value && paused && (
        <button type="button" class="primary" onClick={all((studio) => studio.resume())}>
          Go on
        </button>
      )}
      {raceRuns.value && !paused && (
        <button
          type="button"
          disabled={pausing || loading}
          onClick={all((studio) => studio.pause())}
        >
          {pausing ? "Pausing…" : "Pause"}
        </button>
      )}
      {raceRuns.value && (
        <button type="button" onClick={all((studio) => studio.cancel())}>
          Cancel
        </button>
      )}
    </div>
  );
}
