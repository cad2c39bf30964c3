import { Legend } from "../charts/legend.tsx";
import { type Line, LineChart } from "../charts/line-chart.tsx";
import { Choice } from "../parts/choice.tsx";
import { NeedsModel } from "../parts/needs-model.tsx";
import { Section } from "../parts/section.tsx";
import { alternating, memory, race, raceRuns } from "../state/app-state.ts";
import { HEAD_WIDTH, type Measured, measuresOf } from "../state/measures.ts";

const MEMORIES: readonly { value: "others" | "all"; label: string }[] = [
  { value: "others", label: "the other sense, latest" },
  { value: "all", label: "all so far (the paper)" },
];

export function ProjectorSection() {
  const lines = measuresOf(alternating);
  return (
    <Section
      id="projector"
      title="What the projector protects"
      lead="Both senses share MLA's head. Before one of them moves it, the step loses what would change the other's answers: it is projected out of a protected subspace."
    >
      <div class="toolbar">
        <Choice
          legend="Protected"
          name="memory"
          options={MEMORIES}
          value={memory.value}
          disabled={raceRuns.value}
          onChange={(value) => {
            memory.value = value;
          }}
        />
        <button type="button" disabled={raceRuns.value} onClick={() => void race([alternating])}>
          {alternating.busy ? "Training…" : "Train MLA and watch"}
        </button>
      </div>
      {lines.length === 0 ? (
        <NeedsModel what="What the projector did, step by step," />
      ) : (
        <ProjectorCharts measured={lines} />
      )}
    </Section>
  );
}

function ProjectorCharts({ measured }: { readonly measured: readonly Measured[] }) {
  // Whole epochs, so that the last one's number stands below the chart and not beside it.
  const end = Math.ceil(
    Math.max(1, ...measured.flatMap(({ points }) => points.map(({ at }) => at))),
  );
  const axis = { xMax: end, xTicks: [...new Set([0, end >> 1, end])], xName: "epoch" };
  const line = (
    name: string,
    tone: string,
    read: (m: Measured["points"][number]) => number,
    i: number,
    dashed: boolean,
  ): Line => ({
    name,
    tone,
    dashed,
    shape: null,
    points: measured[i]?.points.map((point) => [point.at, read(point)] as const) ?? [],
  });
  const per = (read: (m: Measured["points"][number]) => number) =>
    measured.map(({ name }, i) => line(name, `tone${i}`, read, i, i === 1));
  const drift = measured.flatMap(({ name }, i) => [
    line(`${name}: unprojected`, `tone${i}`, ({ rawDrift }) => rawDrift, i, true),
    line(`${name}: projected`, `tone${i}`, ({ drift }) => drift, i, false),
  ]);
  const top = (lines: readonly Line[], least: number) =>
    Math.max(least, ...lines.flatMap(({ points }) => points.map(([, y]) => y)));
  const directions = per((m) => m.directions);
  const fullest = Math.ceil(top(directions, 2));
  const angles = per((m) => m.angle);
  const most = top(drift, 1e-3);
  const last = (lines: readonly Line[], format: (y: number) => string) =>
    lines.map(({ name, points }) => `${name} ${format(points.at(-1)?.[1] ?? 0)}`).join(", ");
  return (
    <>
      <Legend lines={directions} />
      <div class="panels">
        <figure class="panel">
          <figcaption>protected directions of {HEAD_WIDTH}</figcaption>
          <LineChart
            label={`Protected directions of the head's input by epoch. Now ${last(directions, tenths)}.`}
            lines={directions}
            {...axis}
            yMax={fullest}
            yTicks={[0, fullest / 2, fullest]}
            formatY={tenths}
          />
        </figure>
        <figure class="panel">
          <figcaption>angle of the step before and after</figcaption>
          <LineChart
            label={`Angle between the step and its projection by epoch. Now ${last(angles, degrees)}.`}
            lines={angles}
            {...axis}
            yMax={90}
            yTicks={[0, 30, 60, 90]}
            formatY={degrees}
          />
        </figure>
        <figure class="panel">
          <figcaption>drift of the other's logits per step</figcaption>
          <LineChart
            label={`Drift of the other sense's logits per step by epoch. Now ${last(drift, logits)}.`}
            lines={drift}
            {...axis}
            yMax={most}
            yTicks={[0, most / 2, most]}
            formatY={logits}
          />
          <p class="hint">Dashed: as the step was. Solid, near 0: as it is taken.</p>
        </figure>
      </div>
    </>
  );
}

function tenths(value: number): string {
  return value.toFixed(Number.isInteger(value) ? 0 : 1);
}

function degrees(value: number): string {
  return `${Math.round(value)}°`;
}

function logits(value: number): string {
  return value === 0 ? "0" : value.toPrecision(2);
}
