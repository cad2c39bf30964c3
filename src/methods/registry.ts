import { registryOf } from "../config/part.ts";
import * as methods from "./index.ts";
import type { AnyMethodDefinition } from "./method.ts";

/** Every method by name. */
export const METHODS: Readonly<Record<string, AnyMethodDefinition>> =
  registryOf<AnyMethodDefinition>(methods);
