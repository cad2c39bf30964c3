import type { AnyPart } from "../config/part.ts";
import * as encoders from "../encoders/index.ts";
import * as fusion from "../fusion/index.ts";
import * as methods from "../methods/index.ts";

/** Every part of this library that a model can be made of; whoever names it bundles them all. */
export const ALL_PARTS: readonly AnyPart[] = /* @__PURE__ */ [encoders, fusion, methods].flatMap(
  (group) => Object.values<AnyPart>(group),
);
