import { Legend } from "../charts/legend.tsx";
import { type Line, LineChart } from "../charts/line-chart.tsx";
import { percent } from "../parts/format.ts";
import { accuracyOf, type Listener, TOGETHER } from "../state/accuracy.ts";
import { alternating, epochs, joint } from "../state/app-state.ts";
import type { Studio } from "../state/studio.ts";
import { FigureTable } from "./figure-table.tsx";

const STYLES = [
  { studio: joint, dashed: true, shape: "square" as const },
  { studio: alternating, dashed: false, shape: "disc" as const },
];

/** A chart per modality, and one of both together: the two trainings' accuracy by epoch. */
export function RaceCharts() {
  const info = alternating.info.value ?? joint.info.value;
  const modalities = info?.modalities ?? ["picture", "words"];
  const panels: readonly { listener: Listener; title: string; tone: string }[] = [
    ...modalities.map((name, i) => ({
      listener: name,
      title: `${name}, the other muted`,
      tone: `tone${i}`,
    })),
    { listener: TOGETHER, title: "both together", tone: "tone-ink" },
  ];
  return (
    <>
      <Legend
        lines={STYLES.map(({ studio, dashed, shape }) => ({
          name: studio.title,
          dashed,
          shape,
          tone: "tone-ink",
        }))}
      />
      <div class="panels">
        {panels.map(({ listener, title, tone }) => (
          <figure class="panel" key={title}>
            <figcaption class={tone}>{title}</figcaption>
            <Curves listener={listener} title={title} tone={tone} />
          </figure>
        ))}
      </div>
      <FigureTable
        name="accuracy by epoch"
        columns={panels.flatMap(({ listener, title }) =>
          STYLES.map(({ studio }) => ({
            title: `${title}: ${studio.title}`,
            cell: (row: number) => format(accuracyOf(studio, listener)[row]),
          })),
        )}
        rows={Math.max(joint.epochs.value.length, alternating.epochs.value.length)}
      />
    </>
  );
}

interface CurvesProps {
  readonly listener: Listener;
  readonly title: string;
  readonly tone: string;
}

function Curves({ listener, title, tone }: CurvesProps) {
  const lines: Line[] = STYLES.map(({ studio, dashed, shape }) => ({
    name: studio.title,
    points: accuracyOf(studio, listener).map((accuracy, i) => [i + 1, accuracy] as const),
    dashed,
    shape,
    tone,
  }));
  const last = (studio: Studio) => format(accuracyOf(studio, listener).at(-1));
  return (
    <LineChart
      label={`Accuracy of ${title} by epoch. Now ${joint.title} ${last(joint)}, ${alternating.title} ${last(alternating)}.`}
      lines={lines}
      xMax={epochs.value}
      xTicks={[0, epochs.value / 2, epochs.value]}
      xName="epoch"
      gap
      yMax={1}
      yTicks={[0, 0.25, 0.5, 0.75, 1]}
      formatY={percent}
    />
  );
}

function format(accuracy: number | undefined): string {
  return accuracy === undefined ? "not known yet" : percent(accuracy);
}
