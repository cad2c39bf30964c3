import { fromArrays, openModel, train } from "altermodal";
import { bagOfWords, mlp } from "altermodal/encoders";
import { mla } from "altermodal/methods";
import { job } from "./job.mjs";

const library = { fromArrays, train, openModel, mla, mlp, bagOfWords };

export default {
  /** `workerd test` runs this; the thrown text is how it speaks. */
  async test() {
    throw new Error(`RESULT ${await job(library)} END`);
  },
};
