import type { Line } from "./line-chart.tsx";
import { Markers } from "./markers.tsx";

export function Legend({ lines }: { readonly lines: readonly Omit<Line, "points">[] }) {
  return (
    <ul class="legend">
      {lines.map(({ name, shape, dashed, tone }) => (
        <li key={name} class={tone}>
          <svg viewBox="0 0 34 12" width="34" height="12" aria-hidden="true">
            <line class={dashed ? "curve dashed" : "curve"} x1="1" x2="33" y1="6" y2="6" />
            {shape !== null && <Markers shape={shape} points={[[17, 6]]} />}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
