import { WrongResult } from "./bench-case.ts";

/** @throws {WrongResult} if a value is further from the expected one than `tolerance`, relative above 1 */
export function expectNear(what: string, got: number, expected: number, tolerance: number): void {
  if (Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected))) return;
  throw new WrongResult(`${what}: expected ${expected}, got ${got}`);
}

/**
 * Takes `steps` training steps on one batch.
 *
 * @throws {WrongResult} unless the loss stays finite and falls
 */
export function expectLearns(step: () => number, steps: number): void {
  const first = step();
  let last = first;
  for (let i = 1; i < steps; i++) last = step();
  if (Number.isFinite(last) && last < first) return;
  throw new WrongResult(
    `training: expected a loss below ${first} after ${steps} steps, got ${last}`,
  );
}
