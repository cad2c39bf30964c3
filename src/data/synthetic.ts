/** Made data with a known lazy modality, for tests and for trying things without a download. */
import { OptionError } from "../engine/errors.ts";
import { Random } from "../random.ts";
import { checkDataset } from "./check-dataset.ts";
import { hashDatasets, sha256Hex } from "./content-hash.ts";
import type { Dataset, DenseData } from "./dataset.ts";
import { type DataManifest, defineDataset, type LoadedData } from "./source.ts";
import { PARTS, type Part } from "./split.ts";
import { guardTest } from "./test-ledger.ts";

/** How one made modality shows the class. */
export interface SyntheticModality {
  /**
   * `linear`: class prototype plus noise, learnt within the first steps. `folded`: prototype times a
   * random sign plus noise, so the mean of every class is 0, a linear model gets about half right at
   * best, and a network learns it slowly. Beside an easy modality that soon explains the labels it
   * stays lazy.
   */
  readonly kind: "linear" | "folded";
  readonly features: number;
  /** Size of each prototype entry, which is plus or minus this; the noise has deviation 1. */
  readonly signal: number;
}

export interface SyntheticOptions {
  /** Default 6. */
  readonly classes?: number;
  /** Samples per part, classes as equal as possible. Default 1200, 600, 600. */
  readonly sizes?: Readonly<Record<Part, number>>;
  /** Default 1. */
  readonly seed?: number;
}

export type DefaultSyntheticModality = "easy" | "hard";

const DEFAULT_MODALITIES: Readonly<Record<DefaultSyntheticModality, SyntheticModality>> = {
  easy: { kind: "linear", features: 64, signal: 0.45 },
  hard: { kind: "folded", features: 32, signal: 0.7 },
};
const DEFAULT_SIZES: Readonly<Record<Part, number>> = { train: 1200, validation: 600, test: 600 };
const VERSION = 1;

/**
 * Makes a data set: any number of named modalities that are independent given the class. Integer random
 * numbers and exactly rounded sums alone, so the same options give the same bits everywhere.
 *
 * @throws {OptionError} for sizes, features or signals that make no data
 * @throws {DataError} if a part has fewer samples than there are classes
 */
export async function createSynthetic<const M extends string>(
  options: SyntheticOptions & { readonly modalities: Readonly<Record<M, SyntheticModality>> },
): Promise<LoadedData<M>>;
export async function createSynthetic(
  options?: SyntheticOptions,
): Promise<LoadedData<DefaultSyntheticModality>>;
export async function createSynthetic(
  options: SyntheticOptions & {
    readonly modalities?: Readonly<Record<string, SyntheticModality>>;
  } = {},
): Promise<LoadedData> {
  const { classes = 6, sizes = DEFAULT_SIZES, seed = 1, modalities = DEFAULT_MODALITIES } = options;
  checkWhole("classes", classes, 2);
  for (const [name, { features, signal }] of Object.entries(modalities)) {
    checkWhole(`features of "${name}"`, features, 1);
    if (!Number.isFinite(signal)) refuse(`signal of "${name}"`, "a finite number", signal);
  }
  const parts = {} as Record<Part, Dataset>;
  for (const part of PARTS) {
    checkWhole(`size of "${part}"`, sizes[part], 1);
    parts[part] = checkDataset(createPart(part, sizes[part], classes, modalities, seed));
  }
  const manifest = await describe(parts, { classes, sizes, seed, modalities });
  const { train, validation, test } = parts;
  return { train, validation, openTest: guardTest(manifest, () => test), manifest };
}

let made: Promise<LoadedData<DefaultSyntheticModality>> | undefined;

/** Makes the default data once: they are the same each time, and nobody changes them. */
function makeDefault(): Promise<LoadedData<DefaultSyntheticModality>> {
  made ??= createSynthetic();
  return made;
}

/** The made data set with its default options. */
export const synthetic = defineDataset<DefaultSyntheticModality>({
  name: "synthetic",
  title: "made numbers with an easy and a lazy modality, 6 classes",
  licence: "none needed: made from random numbers",
  prepare: async () => (await makeDefault()).manifest,
  load: makeDefault,
});

function createPart(
  part: Part,
  size: number,
  classes: number,
  modalities: Readonly<Record<string, SyntheticModality>>,
  seed: number,
): Dataset {
  const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
  const data: Record<string, DenseData> = {};
  for (const [name, modality] of Object.entries(modalities)) {
    const prototypes = createPrototypes(classes, modality, new Random(seed, `synthetic/${name}`));
    const random = new Random(seed, `synthetic/${name}/${part}`);
    data[name] = drawSamples(labels, prototypes, modality, random);
  }
  return {
    name: `synthetic/${part}`,
    size,
    classes: Array.from({ length: classes }, (_, i) => `class ${i}`),
    modalities: data,
    labels,
    ids: Array.from({ length: size }, (_, i) => `${part}/${i}`),
  };
}

/** [classes, features], each plus or minus the signal. */
function createPrototypes(
  classes: number,
  { features, signal }: SyntheticModality,
  random: Random,
): Float64Array {
  return new Float64Array(classes * features).map(() => (random.int(2) === 0 ? -signal : signal));
}

function drawSamples(
  labels: Int32Array,
  prototypes: Float64Array,
  { kind, features }: SyntheticModality,
  random: Random,
): DenseData {
  const values = new Float32Array(labels.length * features);
  labels.forEach((label, i) => {
    const sign = kind === "folded" && random.int(2) === 0 ? -1 : 1;
    for (let j = 0; j < features; j++) {
      const clean = sign * (prototypes[label * features + j] as number);
      values[i * features + j] = clean + random.normal();
    }
  });
  return { kind: "dense", shape: [features], values };
}

async function describe(
  parts: Readonly<Record<Part, Dataset>>,
  settings: Required<SyntheticOptions> & {
    readonly modalities: Readonly<Record<string, SyntheticModality>>;
  },
): Promise<DataManifest> {
  const text = JSON.stringify({ version: VERSION, ...settings });
  const count = ({ labels, classes }: Dataset) =>
    classes.map((_, label) => labels.filter((other) => other === label).length);
  return {
    name: "synthetic",
    variant: `seed ${settings.seed}, ${settings.classes} classes`,
    dataHash: await hashDatasets(PARTS.map((part) => parts[part])),
    preprocessingHash: await sha256Hex(new TextEncoder().encode(text)),
    classes: parts.train.classes,
    modalities: Object.fromEntries(
      Object.entries(settings.modalities).map(([name, { kind, features, signal }]) => [
        name,
        `${features} numbers, ${kind}, signal ${signal}`,
      ]),
    ),
    counts: {
      train: count(parts.train),
      validation: count(parts.validation),
      test: count(parts.test),
    },
    attribution: [],
    versions: { generator: `${VERSION}` },
  };
}

function checkWhole(what: string, value: number, minimum: number): void {
  if (Number.isInteger(value) && value >= minimum) return;
  refuse(what, `a whole number of at least ${minimum}`, value);
}

function refuse(what: string, expected: string, actual: number): never {
  throw new OptionError(`synthetic: Cannot use the ${what}: expected ${expected}, got ${actual}`);
}
