import { Choice } from "../parts/choice.tsx";
import { Section } from "../parts/section.tsx";
import { alternating, joint, type RaceData, raceData, raceRuns } from "../state/app-state.ts";
import { RaceCharts } from "./race-charts.tsx";
import { RaceControls } from "./race-controls.tsx";
import { RaceFinding } from "./race-finding.tsx";
import { RunStatus } from "./run-status.tsx";

const DATA: readonly { value: RaceData; label: string }[] = [
  { value: "emoji", label: "Emoji: picture + words" },
  { value: "synthetic", label: "Made numbers: easy + hard" },
];

const ABOUT: Readonly<Record<RaceData, string>> = {
  emoji:
    "1,358 emoji to learn from, 274 to be judged by: the picture and the words of the official name. Which of nine groups is it?",
  synthetic:
    "1,200 made samples, 600 to be judged by. A straight line reads the easy numbers; the hard ones need patience.",
};

export function RaceSection() {
  return (
    <Section
      id="race"
      title="The same data, trained twice"
      lead="Left to themselves, senses that learn together let the quick one answer; the other stays lazy. MLA trains them in turn on one shared head."
    >
      <div class="toolbar">
        <Choice
          legend="Data"
          name="race-data"
          options={DATA}
          value={raceData.value}
          disabled={raceRuns.value}
          onChange={(value) => {
            raceData.value = value;
          }}
        />
        <RaceControls />
      </div>
      <p class="hint">{ABOUT[raceData.value]}</p>
      <div class="runs">
        <RunStatus studio={joint} about="both senses at once, one head on both" />
        <RunStatus studio={alternating} about="one sense at a time, one shared head" />
      </div>
      <RaceCharts />
      <RaceFinding />
    </Section>
  );
}
