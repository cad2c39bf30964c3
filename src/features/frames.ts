/** Cuts a signal into frames and runs the core's sweep over them, in blocks, so that memory stays bounded. */
import type { Features } from "./features.ts";
import type { MelFilters } from "./mel.ts";
import { rootsOfUnity } from "./roots.ts";

/** Rows of numbers that follow each other in time. */
export interface Spectra {
  /** [frames, bands], row-major. */
  readonly values: Float32Array;
  readonly shape: readonly [frames: number, bands: number];
}

/** values = scale * ln(max(values, floor) + offset). */
export interface LogOf {
  readonly floor: number;
  readonly offset: number;
  readonly scale: number;
}

export interface FramePlan {
  /** Samples from one frame to the next. */
  readonly hop: number;
  /** Of the transform; what a frame has less is zero. */
  readonly fftSize: number;
  /** Its length is a frame's. */
  readonly window: Float64Array;
  readonly preemphasis: number;
  /** Bits of spectrum-flags.ts. */
  readonly flags: number;
  /** Numbers per frame. */
  readonly width: number;
  readonly filters?: MelFilters;
  readonly log?: LogOf;
}

/** Frames per block: a few megabytes of samples and results. */
const BLOCK = 4096;

/** The spectra of all `frames` frames; `samples` holds at least `(frames - 1) * hop` and one frame. */
export function sweepFrames(
  features: Features,
  samples: Float32Array,
  frames: number,
  plan: FramePlan,
): Float32Array {
  const { hop, fftSize, window, width } = plan;
  const roots = features.table(`roots/${fftSize}`, () => rootsOfUnity(fftSize));
  const out = new Float32Array(frames * width);
  for (let start = 0; start < frames; start += BLOCK) {
    const count = Math.min(BLOCK, frames - start);
    const first = start * hop;
    const part = samples.subarray(first, first + (count - 1) * hop + window.length);
    out.set(sweepBlock(features, part, count, plan, roots), start * width);
  }
  return out;
}

function sweepBlock(
  features: Features,
  samples: Float32Array,
  frames: number,
  plan: FramePlan,
  roots: Float64Array,
): Float32Array {
  const { core } = features;
  const { filters, log, width, window } = plan;
  features.begin();
  const length = frames * width;
  const out = features.room(length * 4);
  core.frame_spectra(
    out,
    features.put(samples),
    frames,
    plan.hop,
    window.length,
    plan.fftSize,
    features.put(window),
    features.put(roots),
    plan.preemphasis,
    plan.flags,
    filters === undefined ? 0 : width,
    filters === undefined ? 0 : features.put(filters.spans),
    filters === undefined ? 0 : features.put(filters.weights),
    features.room(core.spectrum_work_bytes(plan.fftSize)),
  );
  if (log !== undefined) core.logarithm(out, length, log.floor, log.offset, log.scale);
  return features.floats(out, length);
}
