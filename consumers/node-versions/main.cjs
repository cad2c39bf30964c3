const { fromArrays, openModel, train } = require("altermodal");
const { bagOfWords, mlp } = require("altermodal/encoders");
const { mla } = require("altermodal/methods");

import("./job.mjs").then(async ({ job }) => {
  console.log(await job({ fromArrays, train, openModel, mla, mlp, bagOfWords }));
});
