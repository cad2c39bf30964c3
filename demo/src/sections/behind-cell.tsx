import { useState } from "preact/hooks";
import type { PartName, Sheet } from "../lab/protocol.ts";
import { percent } from "../parts/format.ts";
import { PlayButton } from "../parts/play-button.tsx";
import { SampleButton, sampleName } from "../parts/sample-button.tsx";
import type { Studio } from "../state/studio.ts";
import type { Cell } from "./confusion-section.tsx";

/** Samples that are shown of a cell, the surest answers first. */
const SHOWN = 24;

interface BehindCellProps {
  readonly studio: Studio;
  readonly part: PartName;
  readonly sheet: Sheet;
  readonly cell: Cell | null;
}

/** The samples behind a cell; the one that is chosen can be relabelled or dropped. */
export function BehindCell({ studio, part, sheet, cell }: BehindCellProps) {
  const [picked, setPicked] = useState(-1);
  const info = studio.info.value;
  if (info === null) return null;
  if (cell === null)
    return <aside class="behind hint">Choose a cell to see what is behind it.</aside>;
  const found = [...sheet.labels.keys()]
    .filter((i) => sheet.labels[i] === cell.truth && sheet.said[i] === cell.said)
    .sort((a, b) => (sheet.sureness[b] ?? 0) - (sheet.sureness[a] ?? 0));
  const change = (label: number) => {
    void studio.relabel(part, picked, label);
    setPicked(-1);
  };
  return (
    <aside class="behind" aria-label="Samples behind the cell">
      <p>
        It was <b>{info.classes[cell.truth]}</b>, it said <b>{info.classes[cell.said]}</b>:{" "}
        {found.length}
      </p>
      <div class="strip">
        {found.slice(0, SHOWN).map((i) => (
          <SampleButton
            key={i}
            part={info.parts[part]}
            index={i}
            pressed={i === picked}
            name={`${sampleName(info.parts[part], i)}, ${percent(sheet.sureness[i] ?? 0)} sure`}
            onPress={() => setPicked(i)}
          />
        ))}
      </div>
      {found.length > SHOWN && <p class="hint">and {found.length - SHOWN} more</p>}
      {found.includes(picked) && (
        <div class="controls">
          <label class="field wide">
            It is really
            <select
              value={cell.truth}
              onChange={({ currentTarget }) => change(Number(currentTarget.value))}
            >
              {info.classes.map((name, label) => (
                <option key={name} value={label}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button type="button" onClick={() => change(-1)}>
            Drop it
          </button>
          {Object.entries(info.parts[part].views).map(([name, view]) => (
            <PlayButton key={name} view={view} index={picked} />
          ))}
        </div>
      )}
    </aside>
  );
}
