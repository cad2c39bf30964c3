import type { RunEvent } from "../node/runs/run-events.ts";
import { duration, percent, quantity } from "../report/format.ts";
import type { EpochRecord } from "../train/epoch-record.ts";
import type { Io } from "./io.ts";

const CLEAR_LINE = "\r\x1b[2K";

/** Shows a run's events: a live line on a terminal, plain lines otherwise, JSON lines for programs. */
export interface Progress {
  onEvent(event: RunEvent): void;
  /** Removes the live line. */
  end(): void;
}

export function createProgress(io: Io, json: boolean): Progress {
  if (json) {
    return {
      onEvent: ({ type, ...event }) => io.out(`${JSON.stringify({ event: type, ...event })}\n`),
      end() {},
    };
  }
  const { columns } = io;
  if (columns === null) {
    return {
      onEvent(event) {
        const line = describeEvent(event);
        if (line !== undefined) io.err(`${line}\n`);
      },
      end() {},
    };
  }
  return createLiveLine(io, columns);
}

/** One line that says how all trainings at work stand; what has ended stays above it. */
function createLiveLine(io: Io, columns: number): Progress {
  const accuracies = new Map<string, string>();
  const working = new Map<string, RunEvent & { type: "batch" }>();
  return {
    onEvent(event) {
      switch (event.type) {
        case "epoch":
          accuracies.set(cellKey(event), validationText(event.record));
          return;
        case "batch": {
          working.set(cellKey(event), event);
          const cells = [...working].map(([key, news]) => cellText(news, accuracies.get(key)));
          const speed = [...working.values()].reduce(
            (sum, { progress }) => sum + progress.samplesPerSecond,
            0,
          );
          const line = [gridText(event.grid), `${quantity(speed)} samples/s`, ...cells].join("  ");
          io.err(CLEAR_LINE + line.slice(0, columns - 1));
          return;
        }
        case "cell":
          working.delete(cellKey(event));
      }
      io.err(`${CLEAR_LINE}${describeEvent(event)}\n`);
    },
    end: () => io.err(CLEAR_LINE),
  };
}

function cellKey({ label, seed }: { label: string; seed: number }): string {
  return `${label} seed ${seed}`;
}

function describeEvent(event: RunEvent): string | undefined {
  switch (event.type) {
    case "message":
      return event.text;
    case "batch":
      return undefined;
    case "epoch": {
      const { record } = event;
      return [
        `${cellKey(event)}  epoch ${record.epoch}`,
        `loss ${lossText(record.loss)}`,
        validationText(record),
        `${quantity(record.samplesPerSecond)} samples/s`,
        gridText(event.grid),
      ].join("  ");
    }
    case "cell": {
      const { outcome, reason, selectedEpoch, seconds, grid } = event;
      const done = `${grid.done}/${grid.total}`;
      if (outcome === "failed") return `${done}  ${cellKey(event)}  failed: ${reason}`;
      const epoch = selectedEpoch === null ? "nothing to keep" : `epoch ${selectedEpoch} kept`;
      const what = { trained: duration(seconds), kept: "finished before", stopped: "stopped" };
      return `${done}  ${cellKey(event)}  ${epoch}, ${what[outcome]}`;
    }
  }
}

function cellText(
  { progress, ...cell }: RunEvent & { type: "batch" },
  accuracy: string | undefined,
): string {
  const parts = [`${progress.epoch}/${progress.epochs}`, lossText(progress.loss)];
  return [`| ${cellKey(cell)}`, ...parts, ...(accuracy === undefined ? [] : [accuracy])].join(" ");
}

function gridText({
  done,
  total,
  etaSeconds,
}: {
  done: number;
  total: number;
  etaSeconds: number | null;
}) {
  const eta = etaSeconds === null ? "" : `, ${duration(etaSeconds)} left`;
  return `${done}/${total}${eta}`;
}

function lossText({ total, modalities }: EpochRecord["loss"]): string {
  const parts = Object.entries(modalities).map(([name, loss]) => `${name} ${loss.toFixed(3)}`);
  return parts.length > 0 ? parts.join(" ") : total.toFixed(3);
}

function validationText({ validation }: EpochRecord): string {
  if (validation === null) return "not validated";
  const { fused, modalities } = validation;
  if (fused !== null) return `validation ${percent(fused.accuracy)} %`;
  const parts = Object.entries(modalities).map(
    ([name, { accuracy }]) => `${name} ${percent(accuracy)} %`,
  );
  return `validation ${parts.join(" ")}`;
}
