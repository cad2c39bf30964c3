export { concat } from "./concat.ts";
export { late } from "./late.ts";
export { mla } from "./mla.ts";
export { sum } from "./sum.ts";
export { ume } from "./ume.ts";
export { unimodal } from "./unimodal.ts";
