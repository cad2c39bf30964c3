import { useEffect, useState } from "preact/hooks";
import type { PartName, Sheet } from "../lab/protocol.ts";
import { Choice } from "../parts/choice.tsx";
import { ModelChoice } from "../parts/model-choice.tsx";
import { NeedsModel } from "../parts/needs-model.tsx";
import { Section } from "../parts/section.tsx";
import { chosen } from "../state/app-state.ts";
import type { Studio } from "../state/studio.ts";
import { BehindCell } from "./behind-cell.tsx";
import { ConfusionMatrix } from "./confusion-matrix.tsx";
import { TrainOn } from "./train-on.tsx";

const PARTS: readonly { value: PartName; label: string }[] = [
  { value: "validation", label: "New to it" },
  { value: "train", label: "Learnt from" },
];

export function ConfusionSection() {
  const studio = chosen.value;
  return (
    <Section
      id="confusion"
      title="What was taken for what"
      lead="Rows: what it was. Columns: what the model said. Choose a cell to see the samples behind it; put a label right or drop a sample, and train on from where the model stands."
    >
      {studio.version.value === 0 ? (
        <NeedsModel what="The table of right and wrong answers" />
      ) : (
        <Mistakes key={studio.title} studio={studio} />
      )}
    </Section>
  );
}

/** A cell of the matrix: positions of classes. */
export interface Cell {
  readonly truth: number;
  readonly said: number;
}

function Mistakes({ studio }: { readonly studio: Studio }) {
  const [part, setPart] = useState<PartName>("validation");
  const [cell, setCell] = useState<Cell | null>(null);
  const sheet = useSheet(studio, part);
  const info = studio.info.value;
  if (info === null) return null;
  return (
    <>
      <div class="toolbar">
        <ModelChoice name="confusion-model" />
        <Choice
          legend="Samples"
          name="confusion-part"
          options={PARTS}
          value={part}
          onChange={(value) => {
            setPart(value);
            setCell(null);
          }}
        />
      </div>
      {sheet === null ? (
        <p class="hint">Asking the model…</p>
      ) : (
        <div class="mistakes">
          <ConfusionMatrix classes={info.classes} sheet={sheet} cell={cell} onCell={setCell} />
          <BehindCell studio={studio} part={part} sheet={sheet} cell={cell} />
        </div>
      )}
      <TrainOn studio={studio} />
    </>
  );
}

/** What the model says of a part, anew for each model and each change of a label. */
function useSheet(studio: Studio, part: PartName): Sheet | null {
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const version = studio.version.value;
  const changes = studio.changes.value;
  useEffect(() => {
    let current = true;
    void studio.sheet(part).then((found) => {
      if (current) setSheet(found);
    });
    return () => {
      current = false;
    };
  }, [studio, part, version, changes]);
  return sheet;
}
