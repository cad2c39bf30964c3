import type { Answer, Voice } from "../lab/protocol.ts";
import { percent, signedPoints } from "./format.ts";

interface VoicesProps {
  readonly modalities: readonly string[];
  readonly answer: Answer | null;
  readonly muted: readonly string[];
  /** Says why a modality is not heard, if it is not the mute button. */
  readonly missing?: Readonly<Record<string, string>>;
  onMute(modality: string): void;
}

/** Who decided: per modality its weight, its share of the answer, what it alone would have said, and a mute button. */
export function Voices({ modalities, answer, muted, missing = {}, onMute }: VoicesProps) {
  return (
    <ul class="voices">
      {modalities.map((name, i) => (
        <li key={name} class={`voice tone${i}`}>
          <div class="who">
            <b>{name}</b>
            <button
              type="button"
              aria-pressed={muted.includes(name)}
              aria-label={`Mute ${name}`}
              onClick={() => onMute(name)}
            >
              {muted.includes(name) ? "Muted" : "Mute"}
            </button>
          </div>
          <Say
            voice={answer?.voices[name]}
            why={muted.includes(name) ? "muted" : (missing[name] ?? "not there")}
          />
        </li>
      ))}
    </ul>
  );
}

function Say({ voice, why }: { readonly voice: Voice | undefined; readonly why: string }) {
  if (voice === undefined || !voice.heard || voice.alone === null) {
    return <p class="silent">{why}: it has no say</p>;
  }
  return (
    <dl class="say-what">
      <dt>weight</dt>
      <dd>
        {voice.weight === null ? (
          <span class="none">none: the joint head mixes both</span>
        ) : (
          <Bar share={voice.weight} text={percent(voice.weight)} />
        )}
      </dd>
      <dt>share of the answer</dt>
      <dd>
        <Bar share={voice.share} text={signedPoints(voice.share)} signed />
      </dd>
      <dt>alone it says</dt>
      <dd>
        {voice.alone.label}, {percent(voice.alone.probability)}
      </dd>
    </dl>
  );
}

interface BarProps {
  /** 0 to 1; -1 to 1 if signed. */
  readonly share: number;
  readonly text: string;
  readonly signed?: boolean;
}

function Bar({ share, text, signed = false }: BarProps) {
  const length = Math.min(1, Math.abs(share)) * (signed ? 50 : 100);
  const start = signed ? (share < 0 ? 50 - length : 50) : 0;
  return (
    <span class="bar">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" x="0" y="0" width="100" height="10" />
        <rect
          class={share < 0 ? "fill against" : "fill"}
          x={start}
          y="0"
          width={length}
          height="10"
        />
        {signed && <line class="zero" x1="50" x2="50" y1="0" y2="10" />}
      </svg>
      <span class="value">{text}</span>
    </span>
  );
}
