import { fromArrays, openModel, train } from "altermodal";
import { connectWorker } from "altermodal/client";
import { bagOfWords, mlp } from "altermodal/encoders";
import { mla } from "altermodal/methods";
import TrainingScript from "altermodal/worker?worker";
import { job } from "./job.mjs";

const library = { fromArrays, train, openModel, mla, mlp, bagOfWords };
const where = connectWorker(() => new TrainingScript());
job(library, { where }).then((result) => {
  document.title = `done: ${result}`;
});
