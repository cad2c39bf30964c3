import { useState } from "preact/hooks";
import { ModelChoice } from "../parts/model-choice.tsx";
import { NeedsModel } from "../parts/needs-model.tsx";
import { SampleButton, sampleName } from "../parts/sample-button.tsx";
import { SampleView } from "../parts/sample-view.tsx";
import { Section } from "../parts/section.tsx";
import { useAnswer } from "../parts/use-answer.ts";
import { Verdict } from "../parts/verdict.tsx";
import { Voices } from "../parts/voices.tsx";
import { chosen } from "../state/app-state.ts";
import type { Studio } from "../state/studio.ts";

/** Samples on offer at a time. */
const OFFER = 12;

export function DecideSection() {
  const studio = chosen.value;
  return (
    <Section
      id="decide"
      title="Who decided?"
      lead="Every answer can be split: how much each sense weighed, how far it moved the answer from chance, and what it would have said alone. Mute one and the other must answer."
    >
      {studio.version.value === 0 ? (
        <NeedsModel what="An answer, split between the senses," />
      ) : (
        <Decide key={studio.title} studio={studio} />
      )}
    </Section>
  );
}

function Decide({ studio }: { readonly studio: Studio }) {
  const [start, setStart] = useState(0);
  const [index, setIndex] = useState(0);
  const [muted, setMuted] = useState<readonly string[]>([]);
  const info = studio.info.value;
  const part = info?.parts.validation;
  const shown = Math.min(index, (part?.size ?? 1) - 1);
  const answer = useAnswer(studio, { part: "validation", index: shown }, muted);
  if (info === null || part === undefined) return null;
  const offered = Array.from({ length: OFFER }, (_, i) => spread(start + i, part.size));
  const toggle = (name: string) =>
    setMuted(muted.includes(name) ? muted.filter((other) => other !== name) : [...muted, name]);
  return (
    <>
      <div class="toolbar">
        <ModelChoice name="decide-model" />
        <button type="button" onClick={() => setStart(start + OFFER)}>
          Other samples
        </button>
      </div>
      <fieldset class="strip">
        <legend class="visually-hidden">Samples that the model has not learnt from</legend>
        {offered.map((i) => (
          <SampleButton
            key={i}
            part={part}
            index={i}
            pressed={i === shown}
            name={sampleName(part, i)}
            onPress={() => setIndex(i)}
          />
        ))}
      </fieldset>
      <div class="decision">
        <div class="shown">
          {Object.entries(part.views).map(([name, view], i) => (
            <figure key={name} class={`tone${i} ${muted.includes(name) ? "muted" : ""}`}>
              <SampleView
                view={view}
                index={shown}
                label={`${name} of ${sampleName(part, shown)}`}
              />
              <figcaption>{name}</figcaption>
            </figure>
          ))}
        </div>
        <div>
          <div aria-live="polite">
            <Verdict answer={answer} truth={info.classes[part.labels[shown] ?? -1] ?? null} />
          </div>
          <Voices modalities={info.modalities} answer={answer} muted={muted} onMute={toggle} />
        </div>
      </div>
    </>
  );
}

/** The positions in an order that mixes the classes, which stand one after the other in the data. */
function spread(position: number, size: number): number {
  return (position * 97) % size;
}
