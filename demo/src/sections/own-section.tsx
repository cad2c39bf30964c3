import { Section } from "../parts/section.tsx";
import { own } from "../state/app-state.ts";
import { devices, opening, startDevices, stopDevices } from "../state/live-state.ts";
import { pairs, preparing, problem, useReadyMade } from "../state/own-state.ts";
import { Decide } from "./decide.tsx";
import { LivePanel } from "./live-panel.tsx";
import { OwnClasses } from "./own-classes.tsx";
import { OwnTraining } from "./own-training.tsx";

export function OwnSection() {
  const open = devices.value;
  const live = open !== null && (open.camera !== null || open.microphone !== null);
  return (
    <Section
      id="own"
      title="Your own classes"
      lead="Show and sound what you want to tell apart: a hand and a snap, a mug and a knock. Record pairs, train here, then cover the camera and hear the microphone take over."
    >
      <div class="controls">
        {live ? (
          <button type="button" onClick={stopDevices}>
            Switch camera and microphone off
          </button>
        ) : (
          <button
            type="button"
            class="primary"
            disabled={opening.value}
            onClick={() => void startDevices()}
          >
            {opening.value ? "Waiting for permission…" : "Use camera and microphone"}
          </button>
        )}
        <button type="button" disabled={preparing.value} onClick={() => void useReadyMade()}>
          {preparing.value ? "Making…" : "Use ready-made recordings"}
        </button>
      </div>
      {[open?.problem, problem.value].map(
        (what) =>
          what && (
            <p class="problem" role="alert" key={what}>
              {what}
            </p>
          ),
      )}
      {(live || pairs.value.length > 0) && (
        <>
          <OwnClasses live={live} />
          <OwnTraining />
        </>
      )}
      {live && <LivePanel />}
      {!live && own.version.value > 0 && <Decide studio={own} />}
    </Section>
  );
}
