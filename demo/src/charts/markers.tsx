export type Shape = "disc" | "square" | "diamond";

interface MarkersProps {
  readonly shape: Shape;
  /** In pixels of the drawing. */
  readonly points: readonly (readonly [number, number])[];
}

/** Points of a curve; filled discs, hollow squares, or filled diamonds. */
export function Markers({ shape, points }: MarkersProps) {
  return (
    <>
      {points.map(([x, y]) => {
        const key = `${x},${y}`;
        if (shape === "disc") return <circle key={key} class="marker" cx={x} cy={y} r={3.6} />;
        const turn = shape === "diamond" ? `rotate(45 ${x} ${y})` : undefined;
        return (
          <rect
            key={key}
            class={shape === "square" ? "marker hollow" : "marker"}
            x={x - 3.4}
            y={y - 3.4}
            width={6.8}
            height={6.8}
            transform={turn}
          />
        );
      })}
    </>
  );
}
