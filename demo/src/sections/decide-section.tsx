import { ModelChoice } from "../parts/model-choice.tsx";
import { NeedsModel } from "../parts/needs-model.tsx";
import { Section } from "../parts/section.tsx";
import { chosen } from "../state/app-state.ts";
import { Decide } from "./decide.tsx";

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
        <Decide key={studio.title} studio={studio}>
          <ModelChoice name="decide-model" />
        </Decide>
      )}
    </Section>
  );
}
