import { useEffect, useRef } from "preact/hooks";

interface CanvasProps {
  readonly kind: "picture" | "grid";
  readonly width: number;
  readonly height: number;
  readonly label: string;
  /** What the painting depends on. */
  readonly deps: readonly unknown[];
  paint(context: CanvasRenderingContext2D): void;
}

/** A few pixels, drawn once and stretched by the style sheet. */
export function Canvas({ kind, width, height, label, deps, paint }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) paint(context);
  }, deps as unknown[]);
  return (
    <canvas
      ref={canvas}
      class={`pixels ${kind}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    />
  );
}
