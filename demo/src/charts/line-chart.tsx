import { GapShade, LastValues } from "./gap.tsx";
import { Markers, type Shape } from "./markers.tsx";

export interface Line {
  readonly name: string;
  /** [x, y] in data units, x ascending. */
  readonly points: readonly (readonly [number, number])[];
  /** Told apart by shape and dash as well as by colour. */
  readonly shape: Shape | null;
  readonly dashed: boolean;
  /** Class of its colour. */
  readonly tone: string;
}

interface LineChartProps {
  readonly label: string;
  readonly lines: readonly Line[];
  readonly width?: number;
  readonly height?: number;
  readonly xMax: number;
  readonly yMax: number;
  readonly yMin?: number;
  readonly yTicks: readonly number[];
  readonly xTicks: readonly number[];
  readonly xName: string;
  /** Shade what lies between the first two lines, and write the last value of each. */
  readonly gap?: boolean;
  formatY(value: number): string;
}

/** Right of the lines, in the place of the margin. */
const ROOM_FOR_VALUES = 44;
const MARGIN = { left: 42, right: 14, top: 10, bottom: 30 };

/** Lines over a common axis; its figures stand in a table beside it, so the drawing itself is one picture to a reader. */
export function LineChart(props: LineChartProps) {
  const { label, lines, width = 340, height = 210, xMax, yMax, yMin = 0, gap = false } = props;
  const right = gap ? ROOM_FOR_VALUES : MARGIN.right;
  const x = (value: number) =>
    MARGIN.left + (value / Math.max(xMax, 1e-9)) * (width - MARGIN.left - right);
  const y = (value: number) =>
    height -
    MARGIN.bottom -
    ((value - yMin) / Math.max(yMax - yMin, 1e-9)) * (height - MARGIN.top - MARGIN.bottom);
  return (
    <svg class="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {props.yTicks.map((tick) => (
        <g key={tick}>
          <line class="rule" x1={MARGIN.left} x2={width - right} y1={y(tick)} y2={y(tick)} />
          <text x={MARGIN.left - 8} y={y(tick) + 4} text-anchor="end">
            {props.formatY(tick)}
          </text>
        </g>
      ))}
      {props.xTicks.map((tick) => (
        <text key={tick} x={x(tick)} y={height - MARGIN.bottom + 16} text-anchor="middle">
          {tick}
        </text>
      ))}
      <text x={width - right} y={height - 2} text-anchor="end">
        {props.xName}
      </text>
      {gap && <GapShade lines={lines} x={x} y={y} />}
      {lines.map(({ name, points, shape, dashed, tone }) => (
        <g key={name} class={tone}>
          <polyline
            class={dashed ? "curve dashed" : "curve"}
            points={points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(" ")}
          />
          {shape !== null && (
            <Markers shape={shape} points={points.map(([px, py]) => [x(px), y(py)] as const)} />
          )}
        </g>
      ))}
      {gap && <LastValues lines={lines} x={x} y={y} format={props.formatY} />}
    </svg>
  );
}
