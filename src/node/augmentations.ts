import * as augment from "../augment/index.ts";
import type { AnyPart } from "../config/part.ts";

/** Everything of `altermodal/augment`. */
export const AUGMENTATIONS: readonly AnyPart[] = Object.values<AnyPart>(augment);
