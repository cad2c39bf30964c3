import { readFileSync } from "node:fs";

export interface FunctionCase<O> {
  readonly options: O;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Reads the part `name` of tests/fixtures/features.json, which make-features.py writes. */
export function fixtureCases<C>(name: string): readonly C[] {
  return fixture[name] as readonly C[];
}

const fixture = JSON.parse(
  readFileSync(new URL("../fixtures/features.json", import.meta.url), "utf8"),
) as Record<string, unknown>;

/** The sound that the cases were computed from. */
export const WAVEFORM: Float32Array = Float32Array.from(
  fixture.waveform as readonly number[],
  (x) => x / 32768,
);
