import { pairViews } from "../capture/pair.ts";
import { SampleView } from "../parts/sample-view.tsx";
import { startTake, take } from "../state/live-state.ts";
import {
  addClass,
  classes,
  clearClass,
  counts,
  MOST_CLASSES,
  pairs,
  rename,
} from "../state/own-state.ts";

/** Recordings of a class that are shown, the latest ones. */
const SHOWN = 4;

interface OwnClassesProps {
  /** Whether something can be recorded. */
  readonly live: boolean;
}

/** A card per class: its name, what was recorded, and a button that records more. */
export function OwnClasses({ live }: OwnClassesProps) {
  return (
    <ul class="cards">
      {classes.value.map((name, label) => (
        <li class="card" key={label}>
          <ClassCard name={name} label={label} live={live} />
        </li>
      ))}
      {live && classes.value.length < MOST_CLASSES && (
        <li>
          <button type="button" class="add" onClick={addClass}>
            Add a class
          </button>
        </li>
      )}
    </ul>
  );
}

interface ClassCardProps extends OwnClassesProps {
  readonly name: string;
  readonly label: number;
}

function ClassCard({ name, label, live }: ClassCardProps) {
  const count = counts.value[label] ?? 0;
  const latest = pairs.value.filter((pair) => pair.label === label).slice(-SHOWN);
  const views = pairViews(latest);
  const recording = take.value?.label === label;
  return (
    <>
      <label class="field wide">
        Name
        <input
          type="text"
          maxLength={30}
          value={name}
          onInput={({ currentTarget }) => rename(label, currentTarget.value)}
        />
      </label>
      <p class="hint">{count === 1 ? "1 pair" : `${count} pairs`}</p>
      <div class="takes" aria-hidden="true">
        {latest.map((_, i) => (
          <div key={i}>
            {Object.entries(views).map(([modality, view]) => (
              <SampleView key={modality} view={view} index={i} label={modality} />
            ))}
          </div>
        ))}
      </div>
      <div class="controls">
        {live && (
          <button type="button" disabled={take.value !== null} onClick={() => startTake(label)}>
            {recording ? `Recording, ${take.value?.left} left` : "Record 3 seconds"}
          </button>
        )}
        {count > 0 && live && (
          <button type="button" aria-label={`Clear ${name}`} onClick={() => clearClass(label)}>
            Clear
          </button>
        )}
      </div>
    </>
  );
}
