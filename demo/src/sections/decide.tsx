import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { PlayButton } from "../parts/play-button.tsx";
import { SampleButton, sampleName } from "../parts/sample-button.tsx";
import { SampleView } from "../parts/sample-view.tsx";
import { Sum } from "../parts/sum.tsx";
import { useAnswer } from "../parts/use-answer.ts";
import { Verdict } from "../parts/verdict.tsx";
import { Voices } from "../parts/voices.tsx";
import type { Studio } from "../state/studio.ts";

/** Samples on offer at a time. */
const OFFER = 12;
/** From one to the next; a prime, so that all come up. */
const STEP = 97;

interface DecideProps {
  readonly studio: Studio;
  /** Controls beside the samples. */
  readonly children?: ComponentChildren;
}

/** Samples that a model has not learnt from, and who decided about the one that is chosen. */
export function Decide({ studio, children }: DecideProps) {
  const [start, setStart] = useState(0);
  const [index, setIndex] = useState(0);
  const [muted, setMuted] = useState<readonly string[]>([]);
  const info = studio.info.value;
  const part = info?.parts.validation;
  const shown = Math.min(index, (part?.size ?? 1) - 1);
  const answer = useAnswer(studio, shown < 0 ? null : { part: "validation", index: shown }, muted);
  if (info === null || part === undefined) return null;
  if (part.size === 0) {
    return (
      <p class="needs">There are no recordings to try it on: switch the camera on, or record.</p>
    );
  }
  const offered = Array.from({ length: Math.min(OFFER, part.size) }, (_, i) =>
    spread(start + i, part.size),
  );
  const toggle = (name: string) =>
    setMuted(muted.includes(name) ? muted.filter((other) => other !== name) : [...muted, name]);
  return (
    <>
      <div class="toolbar">
        <div>{children}</div>
        {part.size > OFFER && (
          <button type="button" onClick={() => setStart(start + OFFER)}>
            Other samples
          </button>
        )}
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
              <PlayButton view={view} index={shown} />
            </figure>
          ))}
        </div>
        <div>
          <div aria-live="polite">
            <Verdict answer={answer} truth={info.classes[part.labels[shown] ?? -1] ?? null} />
          </div>
          <Voices modalities={info.modalities} answer={answer} muted={muted} onMute={toggle} />
          <Sum answer={answer} />
        </div>
      </div>
    </>
  );
}

/** The positions in an order that mixes the classes, which stand one after the other in the data. */
function spread(position: number, size: number): number {
  const step = size % STEP === 0 ? 1 : STEP;
  return (position * step) % size;
}
