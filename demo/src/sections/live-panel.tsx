import { useEffect, useRef } from "preact/hooks";
import { Sum } from "../parts/sum.tsx";
import { Verdict } from "../parts/verdict.tsx";
import { Voices } from "../parts/voices.tsx";
import { own } from "../state/app-state.ts";
import { devices, level, liveAnswer, missing, muted, toggleMuted } from "../state/live-state.ts";

/** What camera and microphone catch, and what the model makes of it. */
export function LivePanel() {
  const trained = own.version.value > 0;
  return (
    <div class="decision">
      <div class="shown">
        <Preview />
        <label class="level">
          <span>microphone</span>
          <meter min={0} max={0.3} value={level.value}>
            {level.value.toFixed(2)}
          </meter>
        </label>
      </div>
      {trained ? (
        <div>
          <Verdict answer={liveAnswer.value} truth={null} />
          <Voices
            modalities={own.info.value?.modalities ?? []}
            answer={liveAnswer.value}
            muted={muted.value}
            missing={missing.value}
            onMute={toggleMuted}
          />
          <Sum answer={liveAnswer.value} />
          <p class="hint">
            Now cover the camera with your hand, or go silent: the other sense answers.
          </p>
        </div>
      ) : (
        <p class="hint">The live answer appears here once your recordings are trained on.</p>
      )}
    </div>
  );
}

function Preview() {
  const video = useRef<HTMLVideoElement>(null);
  const stream = devices.value?.camera?.stream ?? null;
  useEffect(() => {
    if (video.current === null) return;
    video.current.srcObject = stream;
    // An attribute to play by itself may come before the stream.
    video.current.play().catch(() => undefined);
  }, [stream]);
  if (stream === null) return <p class="hint">No camera: the microphone works alone.</p>;
  return <video ref={video} class="preview" playsInline muted aria-label="Your camera" />;
}
