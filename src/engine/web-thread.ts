/** Script of a browser's worker: one thread of an engine; see web-threads.ts. */
import { runThread, type ThreadStart } from "./threads.ts";

addEventListener(
  "message",
  ({ data }: MessageEvent<ThreadStart>) => runThread(data, () => postMessage("ready")),
  { once: true },
);
