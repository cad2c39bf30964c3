import type { Sound, View } from "../lab/protocol.ts";

interface PlayButtonProps {
  readonly view: View;
  readonly index: number;
}

/** Plays a sample's sound, if it has one. */
export function PlayButton({ view, index }: PlayButtonProps) {
  const sound = view.kind === "grid" ? view.sounds?.[index] : undefined;
  if (!sound) return null;
  return (
    <button type="button" class="small" onClick={() => play(sound)}>
      Play
    </button>
  );
}

let player: AudioContext | undefined;

function play({ samples, rate }: Sound): void {
  player ??= new AudioContext();
  const buffer = player.createBuffer(1, samples.length, rate);
  buffer.getChannelData(0).set(Float32Array.from(samples, (x) => x / 32768));
  const source = player.createBufferSource();
  source.buffer = buffer;
  source.connect(player.destination);
  source.start();
}
