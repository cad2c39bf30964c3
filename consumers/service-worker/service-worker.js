import { job } from "/job.mjs";
import {
  encoders,
  fromArrays,
  methods,
  openModel,
  train,
} from "/node_modules/altermodal/dist/browser/altermodal.js";

self.addEventListener("message", (event) => {
  const library = { fromArrays, train, openModel, ...encoders, mla: methods.mla };
  event.waitUntil(job(library).then((result) => event.source.postMessage(result)));
});
