// A direct convolution at work, and the scratch of its threads.

import { threadCount } from "../parallel";
import { FILTER_BYTES } from "./conv-filter";
import { placePatches } from "./conv-patches";
import { planForward, planPhase } from "./conv-plan";
import { PRODUCT_BYTES } from "./conv-product";
import { ConvShape } from "./conv-shape";
import { SWEEP_BYTES, Sweep } from "./conv-sweep";
import { placeWindow } from "./conv-window";

const JOB_BYTES: usize = 64;
/** Where sizes are worked out when there is no scratch yet; the main instance alone does so. */
const PROBE: usize = memory.data(192, 16);

/** A convolution at work, as all threads read it; lies in front of the scratch. */
@unmanaged
export class ConvJob {
  shape: ConvShape;
  /** Sizes of one thread's scratch: sweep, tables, packed operands. */
  threadBytes: usize;
  source: usize;
  target: usize;
  /** w, or dout for the filter's gradient. */
  other: usize;
  bias: usize;
  activation: i32;
  accumulate: bool;
  /** Of dx: which pixels. */
  phaseY: i32;
  phaseX: i32;
  leastUnits: i32;
  /** Items that share a unit's columns, or the filter's floats. */
  parts: i32;

  sweepOf(thread: i32): Sweep {
    return changetype<Sweep>(changetype<usize>(this) + JOB_BYTES + this.threadBytes * thread);
  }
}

/** Where a thread's tables lie. */
export function tablesOf(sweep: Sweep): usize {
  return changetype<usize>(sweep) + SWEEP_BYTES;
}

/** Bytes of scratch of one thread. */
function threadBytes(s: ConvShape): usize {
  const sweep = changetype<Sweep>(PROBE);
  planForward(sweep, 0, s, 1);
  let tables = max(placePatches(sweep, s, 0), placeWindow(sweep, s, 0));
  for (let y = 0; y < min(s.strideY, s.height); y++) {
    for (let x = 0; x < min(s.strideX, s.width); x++) {
      planPhase(sweep, 0, s, y, x, 1);
      tables = max(tables, placePatches(sweep, s, 0));
    }
  }
  return SWEEP_BYTES + tables + ((max(PRODUCT_BYTES, FILTER_BYTES) + 15) & ~15);
}

/** Bytes of scratch of a direct convolution, or of one of its gradients. */
export function directScratchBytes(s: ConvShape): usize {
  return JOB_BYTES + threadBytes(s) * threadCount();
}

export function newJob(
  scratch: usize,
  s: ConvShape,
  source: usize,
  target: usize,
  other: usize,
  accumulate: bool,
): ConvJob {
  const job = changetype<ConvJob>(scratch);
  job.shape = s;
  job.threadBytes = threadBytes(s);
  job.source = source;
  job.target = target;
  job.other = other;
  job.bias = 0;
  job.activation = 0;
  job.accumulate = accumulate;
  job.leastUnits = 1;
  job.parts = 1;
  return job;
}
