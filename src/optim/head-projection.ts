import { choice, integer, number, type OptionValues, resolveOptions } from "../config/options.ts";
import { TENSOR_DATA, TENSOR_GRAD } from "../engine/abi.ts";
import { formatShape, ShapeError } from "../engine/errors.ts";
import { exp, log } from "../engine/math.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { Optimizer } from "./optimizer.ts";
import type { StateArrays } from "./parameter-list.ts";
import { AuthorsProjection } from "./projection/authors-projection.ts";
import { DecayingInformation } from "./projection/decaying-information.ts";
import type { ProjectionMemory } from "./projection/memory.ts";
import { ProjectionWatch } from "./projection/projection-watch.ts";
import { ProjectorFactors } from "./projection/projector-factors.ts";
import { ProjectorMatrix } from "./projection/projector-matrix.ts";
import { RecentVectors } from "./projection/recent-vectors.ts";

export const HEAD_PROJECTION_OPTIONS = {
  variant: choice(
    ["owm", "off", "authors-code"],
    "owm",
    "head projection: orthogonal weight modification, none, or what the authors' code computes",
  ),
  memory: choice(
    ["others", "previous", "epoch", "all", "decay"],
    "others",
    "features that owm remembers: the latest of each other modality, those of the last step, of this epoch, all, all with decay",
  ),
  decay: number(0.9, "memory decay: factor of the older features' weights per step", {
    min: 0,
    max: 1,
  }),
  precision: choice(
    ["float64", "float32"],
    "float64",
    "of memory epoch and all: P, or its faster factors",
  ),
  rank: integer(0, "directions remembered per step; 0: the mean feature alone"),
  project: choice(
    ["update", "gradient"],
    "update",
    "what is projected: the optimizer's whole step, with momentum, scaling and decay, or the gradient",
  ),
  bias: choice(
    ["projected", "free"],
    "projected",
    "whether the head's bias is projected with its weights",
  ),
  alpha: number(0.1, "softness of the projection: tends to an orthogonal projector towards 0", {
    min: 1e-9,
    max: 1e9,
  }),
  alphaSchedule: choice(
    ["constant", "within-epoch"],
    "constant",
    "alpha itself, or alpha ** (1 + batch / batches) as in the authors' code",
  ),
};

export type HeadProjectionOptions = OptionValues<typeof HEAD_PROJECTION_OPTIONS>;

/** The choices of the paper; the defaults are those that measurements support. */
export const PAPER_HEAD_PROJECTION: Partial<HeadProjectionOptions> = {
  variant: "owm",
  memory: "all",
  project: "gradient",
  bias: "free",
};

/** What a projection does to the head. */
export interface ProjectionMeasure {
  /** trace(P) / width: 1 is no projection, near 0 the head is frozen. */
  readonly trace: number;
  /** Norm of the last projected gradient or step relative to its norm before; 1 before any. */
  readonly kept: number;
  /** Cosine of the angle between the two; 1 before any. */
  readonly cosine: number;
  /**
   * How far that step moves the head's outputs on the mean features of the other modalities, as they were last seen:
   * a norm in logits, before and after the projection; 0 before any. Of a gradient, not a step, if that is projected.
   */
  readonly drift: { readonly raw: number; readonly projected: number };
}

/**
 * Head gradient modification of MLA: what one modality's step changes in a head that all modalities share must not
 * change the head's outputs on the features that were remembered.
 *
 * The head is one parameter [classes, width] whose last column is the bias: its input features end in a column of
 * ones. With P = (I + sum_j f_j f_j' / alpha_j)^-1 over the remembered f_j (means of features, or main directions), the
 * head's gradient or step U becomes U P. So a step moves the head's output on f_j by at most |U| sqrt(alpha_j) / 2
 * (spectral norm) if `project` is "update" and `bias` "projected", whatever the optimizer, and by 0 as alpha -> 0.
 * With "gradient", momentum, scaling and decay leak past the projection; with a free bias its step does. Under "update"
 * weight decay, too, is off in the protected directions. Clip before.
 *
 * Source: MLA (CVPR 2024), section 3.2; orthogonal weight modification (Zeng et al., Nature Machine Intelligence 2019).
 * Differs by default: memory, project and bias; {@link PAPER_HEAD_PROJECTION} has the paper's choices.
 */
export class HeadProjection {
  readonly options: HeadProjectionOptions;
  readonly #head: Tensor;
  readonly #rows: number;
  readonly #width: number;
  readonly #memory: ProjectionMemory | undefined;
  /** Directions of the step at hand. */
  readonly #vectors: Tensor;
  #alpha: number;
  #kept = 1;
  /** Takes down what only {@link HeadProjection.measure} asks for; undefined until it does. */
  #watch: ProjectionWatch | undefined;

  /**
   * @param head - [classes, width], the shared parameter
   * @throws {OptionError} if an option is unknown or out of range
   * @throws {ShapeError} if the head is no matrix
   */
  constructor(head: Tensor, options: Partial<HeadProjectionOptions> = {}) {
    this.options = resolveOptions("head projection", HEAD_PROJECTION_OPTIONS, options);
    const [rows, width] = head.shape;
    if (rows === undefined || width === undefined || head.rank !== 2) {
      throw new ShapeError(
        `head projection: Cannot project this parameter: expected shape [classes, width], got ${formatShape(head.shape)}`,
      );
    }
    this.#head = head;
    this.#rows = rows;
    this.#width = width;
    this.#alpha = this.options.alpha;
    const { engine } = head;
    const count = Math.max(1, this.options.rank);
    this.#vectors = engine.tensor(0, [count, width], { persistent: true });
    this.#memory = makeMemory(head, width, this.options);
  }

  /** Tells the position in the epoch: batch 0 empties an "epoch" memory, and alpha may follow it. */
  startBatch(batch: number, batches: number): void {
    const { alpha, alphaSchedule, memory, variant } = this.options;
    if (batch === 0 && memory === "epoch" && variant === "owm") this.#memory?.forget();
    if (alphaSchedule === "within-epoch") this.#alpha = exp((1 + batch / batches) * log(alpha));
  }

  /**
   * A whole optimizer step of `modality` with the head's part projected; then its features are remembered.
   *
   * @param optimizer - of the head, and of whatever else steps with it
   * @param features - [samples, width], the head's input in this step
   * @throws {ShapeError} if the features do not fit the head
   */
  step(optimizer: Optimizer, modality: string, features: Tensor, rate?: number): void {
    const held = this.options.project === "update";
    if (held) optimizer.updates(rate);
    const first = this.#memory?.remembersFirst === true;
    if (first) this.remember(modality, features);
    this.project(modality);
    if (!first) this.remember(modality, features);
    if (held) optimizer.apply();
    else optimizer.step(rate);
  }

  /** U <- U P for what the head's gradient buffer holds. */
  project(modality: string): void {
    if (this.#memory === undefined) return;
    const { engine } = this.#head;
    const { core } = engine;
    const u = this.#head.field(TENSOR_GRAD);
    if (u === 0) return;
    const size = this.#rows * this.#width;
    const before = core.sumOfSquares(u, size);
    const values = () => engine.viewAt(u, 0, size) as Float32Array;
    const raw = this.#watch && Float32Array.from(values());
    this.#memory.project(u, this.#rows, modality);
    this.#kept = before === 0 ? 1 : Math.sqrt(core.sumOfSquares(u, size) / before);
    if (raw !== undefined) this.#watch?.note(modality, raw, values());
  }

  /** Remembers the features [samples, width] of a step. @throws {ShapeError} if they do not fit the head */
  remember(modality: string, features: Tensor): void {
    if (this.#memory === undefined) return;
    const [samples, width] = features.shape;
    if (features.rank !== 2 || width !== this.#width || samples === undefined || samples < 1) {
      throw new ShapeError(
        `head projection: Cannot remember the features of "${modality}": expected shape [samples, ${this.#width}], got ${formatShape(features.shape)}`,
      );
    }
    const { engine } = this.#head;
    const { rank, bias } = this.options;
    const vectors = this.#vectors.field(TENSOR_DATA);
    engine.scope(() => {
      const x = (bias === "free" ? withoutBias(features) : features).field(TENSOR_DATA);
      if (rank === 0) engine.core.columnMeans(vectors, x, samples, width);
      else engine.core.topDirections(vectors, x, samples, width, rank);
    });
    this.#memory.remember(modality, vectors, Math.max(1, rank), this.#alpha);
    this.#watch?.see(modality, features.view() as Float32Array);
  }

  /** Forgets all: P = I. */
  forget(): void {
    this.#memory?.forget();
  }

  /**
   * How much the projection of a step of `modality` would hold back now, and did at its last one. Cosine and drift are
   * taken down from the first call on.
   */
  measure(modality: string): ProjectionMeasure {
    this.#watch ??= new ProjectionWatch(this.#rows, this.#width);
    const { engine } = this.#head;
    const width = this.#width;
    const trace = engine.scope(() => {
      const all = engine.tensor(0, [width, width]);
      const values = all.view();
      for (let i = 0; i < values.length; i += width + 1) values[i] = 1;
      this.#memory?.project(all.field(TENSOR_DATA), width, modality);
      const projected = all.view();
      let sum = 0;
      for (let i = 0; i < projected.length; i += width + 1) sum += projected[i] as number;
      return sum / width;
    });
    return { trace, kept: this.#kept, ...this.#watch.of(modality) };
  }

  /** What later projections depend on; saved and loaded, they have the same bits. */
  state(): StateArrays {
    return this.#memory?.state() ?? {};
  }

  /** @throws {DataFormatError} if the state is not of this head and memory */
  load(state: StateArrays): void {
    this.#memory?.load(state);
  }

  dispose(): void {
    this.#memory?.dispose();
    this.#vectors.dispose();
  }
}

/** The features with 0 for the ones of the bias column: what is remembered then says nothing about the bias. */
function withoutBias(features: Tensor): Tensor {
  const width = features.shape[1] as number;
  const values = features.toArray();
  for (let i = width - 1; i < values.length; i += width) values[i] = 0;
  return features.engine.tensor(values, features.shape);
}

function makeMemory(
  { engine }: Tensor,
  width: number,
  { variant, memory, precision, decay, bias }: HeadProjectionOptions,
): ProjectionMemory | undefined {
  if (variant === "off") return undefined;
  if (variant === "authors-code") {
    return new AuthorsProjection(engine, width, bias === "free" ? width - 1 : width);
  }
  switch (memory) {
    case "others":
    case "previous":
      return new RecentVectors(engine, width, memory === "previous");
    case "epoch":
    case "all":
      return new (precision === "float32" ? ProjectorFactors : ProjectorMatrix)(engine, width);
    case "decay":
      return new DecayingInformation(engine, width, decay);
  }
}
