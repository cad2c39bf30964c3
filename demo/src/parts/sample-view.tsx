import type { View } from "../lab/protocol.ts";
import { Canvas } from "./canvas.tsx";
import { paintGrid, paintPicture } from "./paint.ts";

interface SampleViewProps {
  readonly view: View;
  readonly index: number;
  /** What it is, for who cannot see it. */
  readonly label: string;
}

/** One modality of one sample: a picture, words, or numbers as shades. */
export function SampleView({ view, index, label }: SampleViewProps) {
  if (view.kind === "words") {
    return <span class="words">{view.texts[index] || "(no words)"}</span>;
  }
  const { kind, width, height } = view;
  return (
    <Canvas
      kind={kind}
      width={width}
      height={height}
      label={label}
      paint={(context) =>
        view.kind === "picture"
          ? paintPicture(context, view, index)
          : paintGrid(context, view, index)
      }
      deps={[view, index]}
    />
  );
}
