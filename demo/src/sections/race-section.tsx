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
    "Emoji in nine groups: the picture, and the words of the official name. Which group is it?",
  synthetic:
    "Made samples of six classes. A straight line reads the easy numbers; the hard ones need patience.",
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
      <p class="hint">
        {ABOUT[raceData.value]} {describeSizes()}
      </p>
      <div class="runs">
        <RunStatus studio={joint} about="both senses at once, one head on both" />
        <RunStatus studio={alternating} about="one sense at a time, one shared head" />
      </div>
      <RaceCharts />
      <RaceFinding />
    </Section>
  );
}

function describeSizes(): string {
  const { info, source } = alternating;
  if (info.value === null || source.value !== raceData.value) return "";
  const { train, validation } = info.value.parts;
  return `${train.size} to learn from, ${validation.size} others to be judged by.`;
}
