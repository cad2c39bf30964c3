/** Script of a lab's worker: calls of the page go to one lab, its events and answers back. */
import { Lab } from "./lab.ts";
import type { Reply, Request } from "./protocol.ts";

const lab = new Lab((event) => post({ event }));

addEventListener("message", async ({ data: { id, call, args } }: MessageEvent<Request>) => {
  try {
    const method = lab[call as keyof Lab] as (...args: readonly unknown[]) => unknown;
    post({ id, result: await method.apply(lab, args as unknown[]) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    post({ id, error: { name, message } });
  }
});

function post(reply: Reply): void {
  postMessage(reply);
}
