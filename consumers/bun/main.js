import { fromArrays, openModel, train } from "altermodal";
import { bagOfWords, mlp } from "altermodal/encoders";
import { mla } from "altermodal/methods";
import { job } from "./job.mjs";

const library = { fromArrays, train, openModel, mla, mlp, bagOfWords };
const here = await job(library);
console.log(here);
