/** Chromium's own protocol over two pipes, without a library between that changes how pages are treated. */
import type { Readable, Writable } from "node:stream";

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Sends one command. @throws {Error} with the browser's message */
export type Send = <T = unknown>(method: string, params?: object, session?: string) => Promise<T>;

/** Commands of a Chromium started with `--remote-debugging-pipe`: it reads its pipe 3 and writes pipe 4. */
export function devtoolsPipe(commands: Writable, answers: Readable): Send {
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  let rest = "";
  const tellAll = (message: string) => {
    for (const tell of waiting.values()) tell({ error: { message } });
    waiting.clear();
  };
  answers.setEncoding("utf8");
  answers.on("data", (text: string) => {
    // Messages end with a zero; of the last, more may come.
    const messages = (rest + text).split("\0");
    rest = messages.pop() ?? "";
    for (const message of messages) {
      const answer: Answer = JSON.parse(message);
      if (answer.id === undefined) continue; // an event
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    }
  });
  answers.on("close", () => tellAll("expected an answer, got the end of the browser"));
  commands.on("error", ({ message }) => tellAll(message));
  return <T>(method: string, params: object = {}, session?: string) =>
    new Promise<T>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result as T);
        else reject(new Error(`browser: Cannot do ${method}: ${error.message}`));
      });
      commands.write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`);
    });
}
