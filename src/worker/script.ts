/** Script of a worker that trains and predicts; see training-worker.ts for the other side. */
import { serve } from "./serve.ts";

const receive = serve({ postMessage: (message) => postMessage(message) });
addEventListener("message", ({ data }: MessageEvent<unknown>) => receive(data));
