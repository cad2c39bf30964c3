import { fromArrays, openModel, train } from "altermodal";
import { startWorker } from "altermodal/auto";
import { bagOfWords, mlp } from "altermodal/encoders";
import { mla } from "altermodal/methods";
import { job } from "./job.mjs";

const library = { fromArrays, train, openModel, mla, mlp, bagOfWords };
const here = await job(library);
const where = startWorker();
const there = await job(library, { where });
where.dispose();
console.log(here === there ? here : `${here} here, ${there} in a worker`);
