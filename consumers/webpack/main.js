import { fromArrays, openModel, train } from "altermodal";
import { connectWorker } from "altermodal/client";
import { bagOfWords, mlp } from "altermodal/encoders";
import { mla } from "altermodal/methods";
import { job } from "./job.mjs";

const library = { fromArrays, train, openModel, mla, mlp, bagOfWords };
const where = connectWorker(
  () => new Worker(new URL("altermodal/worker", import.meta.url), { type: "module" }),
);
job(library, { where }).then((result) => {
  document.title = `done: ${result}`;
});
