import type { AnyPart } from "../config/part.ts";
import { ALL_PARTS } from "../train/all-parts.ts";
import { AUGMENTATIONS } from "./augmentations.ts";

/** Every part that a training can be made of: those of models, and what is done to training samples. */
export const TRAINING_PARTS: readonly AnyPart[] = [...ALL_PARTS, ...AUGMENTATIONS];
