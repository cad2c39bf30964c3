import { job } from "/job.mjs";
import {
  connectWorker,
  encoders,
  fromArrays,
  methods,
  openModel,
  train,
} from "/node_modules/altermodal/dist/browser/altermodal.js";

const where = connectWorker(
  () => new Worker("/node_modules/altermodal/dist/browser/worker.js", { type: "module" }),
);
const library = { fromArrays, train, openModel, ...encoders, mla: methods.mla };
const here = await job(library);
const there = await job(library, { where });
document.title = `done: ${here === there ? here : `${here} here, ${there} in a worker`}`;
