export { relu } from "./activation.ts";
