import { findDifference } from "../../config/difference.ts";
import { DataFormatError } from "../../engine/errors.ts";
import { readIfThere } from "../read-if-there.ts";

/** What is kept of a run's grid, as JSON. */
export interface GridConfig {
  readonly seeds: readonly number[];
  /** Left out: complete data alone. */
  readonly protocols?: readonly object[];
  /** By label. */
  readonly methods: Readonly<Record<string, object>>;
  readonly [other: string]: unknown;
}

/**
 * Whether a run may go on in a folder. Its results are written anew, so all that they have figures of must be asked for
 * again, configured alike; more may be.
 *
 * @param path - of the config.json that an earlier run left there
 * @throws {DataFormatError} if that run was configured otherwise, or had a method, seed or protocol that is not asked for
 */
export async function checkRunFolder(path: string, asked: GridConfig): Promise<void> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return;
  const { seeds, protocols, methods, ...before } = readConfig(path, bytes);
  const now = JSON.parse(JSON.stringify(asked)) as GridConfig;
  const { seeds: _, protocols: __, methods: own, ...rest } = now;
  const kept = Object.fromEntries(Object.entries(own).filter(([label]) => label in methods));
  const lost =
    firstLost("method", Object.keys(methods), Object.keys(own)) ??
    firstLost("seed", seeds, now.seeds) ??
    firstLost("protocol", protocols ?? [], now.protocols ?? []);
  const difference = lost ?? findDifference({ ...rest, methods: kept }, { ...before, methods });
  if (difference === undefined) return;
  throw new DataFormatError(
    `${path}: Cannot go on with another configuration: expected ${difference}; choose another name or the options of before`,
  );
}

/** What was there before and is not now, in words. */
function firstLost(
  what: string,
  before: readonly unknown[],
  now: readonly unknown[],
): string | undefined {
  const [names, asked] = [before, now].map((list) => list.map((entry) => JSON.stringify(entry)));
  const lost = names?.find((name) => !asked?.includes(name));
  return lost === undefined ? undefined : `${what} ${lost} as before, got ${asked?.join(", ")}`;
}

function readConfig(path: string, bytes: Uint8Array): GridConfig {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes));
    if (Array.isArray(value.seeds) && typeof value.methods === "object") return value;
  } catch {
    // Falls through to the one message for both cases.
  }
  throw new DataFormatError(
    `${path}: Cannot read this file: expected the configuration of a run, got other text`,
  );
}
