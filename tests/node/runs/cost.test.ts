import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { runPlan, tinyPlan } from "../../support/tiny-comparison.ts";

/** Training samples, classes and features (of both modalities together) of the made data. */
const [SAMPLES, CLASSES, INPUTS] = [1200, 6, 96];
/** Of the tiny recipe's encoders. */
const [HIDDEN, DIM] = [8, 8];
/** Operations of one sample: a multiply and an add for each weight of both encoders and the head, its biases among them. */
const ENCODERS = 2 * (INPUTS * HIDDEN + 2 * HIDDEN * DIM);
const SUM = ENCODERS + 2 * 2 * (DIM + 1) * CLASSES;
const CONCAT = ENCODERS + 2 * (2 * DIM + 1) * CLASSES;
const EPOCHS = 3;

it("the cost counts each step as three passes, and what a method looks at between epochs as one", async () => {
  const methods = [
    { name: "sum", options: {} },
    // Looks at all samples under each of the three sets of modalities before the third epoch, and repeats some in it.
    { name: "modality-valuation", options: { warmup: 2 } },
  ];
  const plan = tinyPlan(await temporaryFolder(), { methods, test: false });
  const { record } = await runPlan(plan);
  const cost = Object.fromEntries(
    record.cells.map(({ method, flops, epochs }) => [
      method.name,
      { flops, looked: epochs.map(({ looked = 0 }) => looked), trained: epochs.map(samplesOf) },
    ]),
  );
  const sum = cost.sum as NonNullable<typeof cost.sum>;
  expect(sum.looked).toEqual([0, 0, 0]);
  expect(sum.trained).toEqual([SAMPLES, SAMPLES, SAMPLES]);
  expect(sum.flops).toBe(3 * EPOCHS * SAMPLES * SUM);
  const valued = cost["modality-valuation"] as NonNullable<typeof cost.sum>;
  expect(valued.looked).toEqual([0, 0, 3 * SAMPLES]);
  expect(valued.trained[2]).toBeGreaterThan(SAMPLES);
  const steps = valued.trained.reduce((all, samples) => all + samples, 0);
  expect(valued.flops).toBe(3 * steps * CONCAT + 3 * SAMPLES * CONCAT);
});

function samplesOf({ seconds, samplesPerSecond }: { seconds: number; samplesPerSecond: number }) {
  return Math.round(seconds * samplesPerSecond);
}
