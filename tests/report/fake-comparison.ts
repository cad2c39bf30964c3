import { evaluateLogits, type QuickScores } from "../../src/metrics/index.ts";
import { Random } from "../../src/random.ts";
import { packFloats } from "../../src/report/packed-floats.ts";
import type {
  CellRecord,
  ComparisonRecord,
  MethodRecord,
  ModalityTestRecord,
  TestRecord,
} from "../../src/report/records.ts";
import type { EpochRecord } from "../../src/train/epoch-record.ts";

/** How well one modality, or the fusion, does in an invented method: added to the true class's logit. */
interface FakeMethod {
  readonly method: MethodRecord;
  /** Share of the lone modality's strength that is left inside. */
  readonly kept: number;
  readonly probeKept: number;
  readonly fusedStrength: number | null;
  readonly headKind: ModalityTestRecord["headKind"];
  readonly weighted: boolean;
}

export interface FakeOptions {
  readonly modalities?: Readonly<Record<string, number>>;
  readonly seeds?: readonly number[];
  readonly classes?: readonly string[];
  readonly samples?: number;
  readonly methods?: readonly string[];
  readonly probes?: boolean;
}

const EPOCHS = 12;

function fakeMethod(
  name: string,
  kept: number,
  probeKept: number,
  fusedStrength: number | null,
  more: Partial<MethodRecord & Pick<FakeMethod, "headKind" | "weighted">> = {},
): FakeMethod {
  const { headKind = "own", weighted = false, ...method } = more;
  return {
    method: { name, label: name, options: {}, yardstick: false, baseline: true, ...method },
    kept,
    probeKept,
    fusedStrength,
    headKind,
    weighted,
  };
}

const METHODS: readonly FakeMethod[] = [
  fakeMethod("unimodal", 1, 1, null, { yardstick: true, baseline: false }),
  fakeMethod("ume", 1, 1, 2.9, { weighted: true }),
  fakeMethod("late", 1, 1, 2.7),
  fakeMethod("sum", 0.45, 0.8, 2.6),
  fakeMethod("concat", 0.4, 0.75, 2.5, { headKind: "others-zeroed" }),
  fakeMethod("mla", 0.98, 0.99, 2.85, {
    baseline: false,
    weighted: true,
    options: { alpha: 0.1, project: "update" },
  }),
];

const CLASSES = [
  "Activities",
  "Animals & Nature",
  "Flags",
  "Food & Drink",
  "Objects",
  "People & Body",
  "Smileys & Emotion",
  "Symbols",
  "Travel & Places",
];

/** An invented comparison with a lazy modality: the same for the same options. */
export function fakeComparison(options: FakeOptions = {}): ComparisonRecord {
  const {
    modalities = { picture: 2.4, words: 1.9 },
    seeds = [1, 2, 3],
    classes = CLASSES,
    samples = 180,
    methods = METHODS.map(({ method }) => method.name),
    probes = true,
  } = options;
  const chosen = METHODS.filter(({ method }) => methods.includes(method.name));
  const random = new Random(7, "fake comparison");
  const labels = Array.from({ length: samples }, () => random.int(classes.length));
  const cells = chosen.flatMap((fake) =>
    seeds.map((seed) => fakeCell(fake, seed, labels, modalities, classes.length, probes)),
  );
  const perClass = classes.map((_, c) => labels.filter((label) => label === c).length);
  return {
    format: "altermodal-comparison",
    version: 1,
    name: "fake",
    config: { data: "fake", methods, seeds, epochs: EPOCHS, batch: 64 },
    data: {
      name: "fake",
      hash: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
      classes,
      modalities: Object.keys(modalities),
      counts: {
        train: perClass.map((n) => n * 5),
        validation: perClass,
        test: perClass,
      },
      splitRule: "Stratified by class and grouped: all variants of one thing lie in one part.",
      licences: ["Invented numbers, no licence needed."],
    },
    cells,
    plannedCells: cells.length,
    testOpenings: cells.length,
    protocol: "Invented: nothing was trained.",
    command: "altermodal compare --data fake --seeds 3",
    versions: { altermodal: "0.1.0", node: "v20.0.0" },
    started: "2026-01-02T03:04:05.000Z",
    ended: "2026-01-02T03:06:17.000Z",
    recipes: chosen.map(({ method }) => ({
      method: method.name,
      grid: [
        { learningRate: 0.03, accuracy: 0.62, epoch: 11 },
        { learningRate: 0.1, accuracy: 0.66, epoch: 12 },
        { learningRate: 0.3, accuracy: 0.64, epoch: 9 },
      ],
      selected: { learningRate: 0.1, epoch: 12 },
    })),
  };
}

function fakeCell(
  fake: FakeMethod,
  seed: number,
  labels: readonly number[],
  modalities: Readonly<Record<string, number>>,
  classes: number,
  probes: boolean,
): CellRecord {
  const random = new Random(seed, `fake ${fake.method.name}`);
  const logits = (strength: number): Float32Array =>
    Float32Array.from(
      { length: labels.length * classes },
      (_, i) => random.normal() + (labels[Math.floor(i / classes)] === i % classes ? strength : 0),
    );
  const names = Object.keys(modalities);
  const strengths = Object.values(modalities);
  const judge = (values: Float32Array) => evaluateLogits({ logits: values, labels, classes });
  const heads = strengths.map((strength) => logits(strength * fake.kept));
  const fused = fake.fusedStrength === null ? null : logits(fake.fusedStrength);
  const tested = names.map((name, m): [string, ModalityTestRecord] => [
    name,
    {
      head: judge(heads[m] as Float32Array),
      headKind: fake.headKind,
      probe: probes ? judge(logits((strengths[m] as number) * fake.probeKept)) : null,
    },
  ]);
  const test: TestRecord = {
    ids: labels.map((_, i) => `sample-${i}`),
    labels,
    groups: labels.map((_, i) => `group-${Math.floor(i / 2)}`),
    fusedLogits: fused === null ? null : packFloats(fused),
    modalityLogits: Object.fromEntries(
      names.map((name, m) => [name, packFloats(heads[m] as Float32Array)]),
    ),
    fusionWeights: fake.weighted ? fakeWeights(names, labels.length, random) : null,
    fused: fused === null ? null : judge(fused),
    modalities: Object.fromEntries(tested),
    missing: 0,
    patterns: [],
    shapley: null,
    modalityGap: null,
    plane: {},
  };
  return {
    method: fake.method,
    seed,
    dataset: { name: "fake", hash: "0f1e2d3c4b5a69788796a5b4c3d2e1f0" },
    epochs: Array.from({ length: EPOCHS }, (_, i) => fakeEpoch(i + 1, test, random)),
    selectedEpoch: EPOCHS - 1,
    parameters: 48_201,
    flops: 1.7e11 * (1 + names.length / 10),
    seconds: 5 + random.float(),
    test,
    interrupted: false,
    protocol: { name: "complete", label: "complete", options: {}, line: "complete", at: 0 },
    weightsHash: "c0ffee00",
    environment: { engine: "simd", threads: 1, runtime: "node v20.0.0" },
  };
}

/** Rises towards the test scores as the epochs pass. */
function fakeEpoch(epoch: number, test: TestRecord, random: Random): EpochRecord {
  const grow = (scores: QuickScores): QuickScores => {
    const share = 1 - 1 / (0.6 + epoch / 2);
    const wobble = 0.02 * random.normal();
    return {
      accuracy: Math.min(1, Math.max(0, scores.accuracy * share + wobble)),
      macroF1: Math.min(1, Math.max(0, scores.macroF1 * share + wobble)),
      nll: scores.nll / share,
    };
  };
  const modalities = Object.entries(test.modalities);
  return {
    epoch,
    learningRate: epoch > 8 ? 0.01 : 0.1,
    loss: {
      total: 2 / epoch,
      modalities: Object.fromEntries(modalities.map(([name]) => [name, 1.5 / epoch])),
    },
    validation: {
      fused: test.fused === null ? null : grow(test.fused),
      modalities: Object.fromEntries(modalities.map(([name, { head }]) => [name, grow(head)])),
    },
    seconds: 0.5,
    samplesPerSecond: 5400,
  };
}

function fakeWeights(
  names: readonly string[],
  samples: number,
  random: Random,
): Record<string, string> {
  const weights = names.map(() => new Float32Array(samples));
  for (let i = 0; i < samples; i++) {
    const raw = names.map((_, m) => 1 + random.float() * (names.length - m));
    const sum = raw.reduce((a, b) => a + b, 0);
    raw.forEach((value, m) => {
      (weights[m] as Float32Array)[i] = value / sum;
    });
  }
  return Object.fromEntries(names.map((name, m) => [name, packFloats(weights[m] as Float32Array)]));
}

/** The same comparison with every cell changed by `change`. */
export function withCells(
  comparison: ComparisonRecord,
  change: (cell: CellRecord, index: number) => CellRecord,
): ComparisonRecord {
  return { ...comparison, cells: comparison.cells.map(change) };
}
