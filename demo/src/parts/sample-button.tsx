import type { PartInfo } from "../lab/protocol.ts";
import { SampleView } from "./sample-view.tsx";

interface SampleButtonProps {
  readonly part: PartInfo;
  readonly index: number;
  readonly pressed: boolean;
  readonly name: string;
  onPress(): void;
}

/** A sample to choose: all that it shows, in small. */
export function SampleButton({ part, index, pressed, name, onPress }: SampleButtonProps) {
  return (
    <button type="button" class="sample" aria-pressed={pressed} aria-label={name} onClick={onPress}>
      {Object.entries(part.views).map(([modality, view]) => (
        <SampleView key={modality} view={view} index={index} label={modality} />
      ))}
    </button>
  );
}

/** A sample's name for a reader: its words if it has any. */
export function sampleName({ views }: PartInfo, index: number): string {
  const words = Object.values(views).flatMap((view) =>
    view.kind === "words" ? [view.texts[index] || "no words"] : [],
  );
  return [`sample ${index + 1}`, ...words].join(": ");
}
