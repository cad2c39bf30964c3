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
  switch (view.kind) {
    case "words":
      return <span class="words">{view.texts[index] || "(no words)"}</span>;
    case "picture":
      return (
        <Canvas
          kind="picture"
          width={view.width}
          height={view.height}
          label={label}
          paint={(context) => paintPicture(context, view, index)}
          deps={[view, index]}
        />
      );
    case "grid":
      return (
        <Canvas
          kind="grid"
          width={view.width}
          height={view.height}
          label={label}
          paint={(context) => paintGrid(context, view, index)}
          deps={[view, index]}
        />
      );
  }
}
