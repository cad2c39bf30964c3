import { WorkerError } from "../engine/errors.ts";

/** A worker of a browser, Deno or Bun, or one of Node's `worker_threads`. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  /** @param transfer - buffers that go over, in place of copies */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  terminate(): unknown;
  /** Node: whether it keeps the process alive. */
  ref?(): void;
  unref?(): void;
}

/** The two ways of listening. */
interface Listening {
  addEventListener?(
    type: string,
    listener: (event: { data?: unknown; message?: string; error?: unknown }) => void,
  ): void;
  on?(type: string, listener: (value: unknown) => void): void;
}

/**
 * @param onMessage - is told the data of each message
 * @param onDeath - is told once or more why no message will come any more
 */
export function listen(
  worker: WorkerLike,
  onMessage: (data: unknown) => void,
  onDeath: (reason: Error) => void,
): void {
  const target = worker as Listening;
  const die = (got: string, cause?: unknown) => onDeath(workerDied(got, cause));
  if (target.addEventListener !== undefined) {
    target.addEventListener("message", (event) => onMessage(event.data));
    target.addEventListener("messageerror", () => die("a message that cannot be read"));
    target.addEventListener("error", ({ message, error }) =>
      die(message || "a script that does not load; check its URL and the page's worker-src", error),
    );
    return;
  }
  target.on?.("message", onMessage);
  target.on?.("messageerror", () => die("a message that cannot be read"));
  target.on?.("error", (error) =>
    die(error instanceof Error ? error.message : String(error), error),
  );
  target.on?.("exit", (code) => die(`its exit with code ${code}`));
}

function workerDied(got: string, cause?: unknown): WorkerError {
  return new WorkerError(
    `worker: Cannot go on: expected a live worker, got ${got}; go on from run.checkpoint()`,
    cause === undefined ? {} : { cause },
  );
}
