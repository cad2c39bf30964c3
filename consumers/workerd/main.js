import { fromArrays, openModel, train } from "altermodal";
import { bagOfWords, mlp } from "altermodal/encoders";
import { loadModel } from "altermodal/infer";
import { mla } from "altermodal/methods";
import { job } from "./job.mjs";

const library = { fromArrays, train, openModel, mla, mlp, bagOfWords };
/** Opens the model by the entry that only predicts, whose core is a module as well. */
const predicting = { ...library, openModel: loadModel };

export default {
  /** `workerd test` runs this; the thrown text is how it speaks. */
  async test() {
    const results = new Set([await job(library), await job(predicting)]);
    throw new Error(`RESULT ${[...results].join(" by the library, by infer ")} END`);
  },
};
