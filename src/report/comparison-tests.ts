import { correctness, holm, predictClasses } from "../metrics/index.ts";
import {
  type PairedOutcomes,
  type PairedTest,
  pairedBootstraps,
} from "../metrics/paired-bootstrap.ts";
import { Random } from "../random.ts";
import { unpackFloats } from "./packed-floats.ts";
import type { CellRecord, TestRecord } from "./records.ts";

/** Fixed, so that the same records always give the same p values. */
const BOOTSTRAP_SEED = 0;

/** A paired bootstrap test of a method's fused accuracy against the best baseline's. */
export interface MethodTest extends PairedTest {
  /** Label of the baseline. */
  readonly against: string;
  /** p after Holm's correction over all tests of the comparison. */
  readonly corrected: number;
}

/**
 * Tests every fusing method against one baseline on the same samples and seeds, and corrects for the number of tests.
 *
 * @param groups - cells by the label of their method
 * @param against - label of the baseline
 * @returns tests by label; a method that shares no seed or no sample with the baseline has none
 */
export function compareWithBestBaseline(
  groups: ReadonlyMap<string, readonly CellRecord[]>,
  against: string,
): Map<string, MethodTest> {
  const reference = fusedTests(groups.get(against) ?? []);
  const asked: PairedMethod[] = [];
  for (const [label, cells] of groups) {
    if (label === against) continue;
    const own = fusedTests(cells);
    const seeds = [...own.keys()].filter((seed) => reference.has(seed));
    if (seeds.length === 0) continue;
    const ours = seeds.map((seed) => own.get(seed) as TestRecord);
    const theirs = seeds.map((seed) => reference.get(seed) as TestRecord);
    const hits = [...ours, ...theirs].map(fusedHits);
    const groupById = groupsById(theirs[0] as TestRecord);
    const ids = [...groupById.keys()].filter((id) => hits.every((byId) => byId.has(id)));
    if (ids.length === 0) continue;
    const rows = hits.map((byId) => ids.map((id) => byId.get(id) as number));
    asked.push({
      label,
      same: JSON.stringify([seeds, ids]),
      a: rows.slice(0, seeds.length),
      b: rows.slice(seeds.length),
      groups: ids.map((id) => groupById.get(id) as string),
    });
  }
  const found = testAll(asked);
  const tests = asked.map(({ label }) => ({
    label,
    test: { ...(found.get(label) as PairedTest), against },
  }));
  const corrected = holm(tests.map(({ test }) => test.p));
  return new Map(
    tests.map(({ label, test }, i) => [label, { ...test, corrected: corrected[i] as number }]),
  );
}

interface PairedMethod extends Pick<PairedOutcomes, "a" | "b"> {
  readonly label: string;
  /** The seeds and samples that it is compared on, in words. */
  readonly same: string;
  readonly groups: readonly string[];
}

/** By label; methods with the same seeds and samples are redrawn together. */
function testAll(asked: readonly PairedMethod[]): Map<string, PairedTest> {
  const found = new Map<string, PairedTest>();
  for (const same of new Set(asked.map((method) => method.same))) {
    const together = asked.filter((method) => method.same === same);
    const { b, groups } = together[0] as PairedMethod;
    const random = new Random(BOOTSTRAP_SEED, "paired bootstrap");
    const tests = pairedBootstraps({ all: together.map(({ a }) => a), b, groups, random });
    together.forEach(({ label }, i) => {
      found.set(label, tests[i] as PairedTest);
    });
  }
  return found;
}

/** Test results that have a fused prediction, by seed. */
function fusedTests(cells: readonly CellRecord[]): Map<number, TestRecord> {
  return new Map(
    cells.flatMap(({ seed, test }) =>
      test === null || test.fusedLogits === null ? [] : [[seed, test] as const],
    ),
  );
}

/** 1 for each sample that the fused prediction gets right, else 0, by the sample's id. */
function fusedHits({ ids, labels, fusedLogits }: TestRecord): Map<string, number> {
  const logits = unpackFloats(fusedLogits as string);
  const hits = correctness(predictClasses(logits, logits.length / labels.length), labels);
  return new Map(ids.map((id, i) => [id, hits[i] as number]));
}

/** The group of each sample by its id; a sample without one stands alone. */
function groupsById({ ids, groups }: TestRecord): Map<string, string> {
  return new Map(ids.map((id, i) => [id, groups?.[i] ?? id]));
}
