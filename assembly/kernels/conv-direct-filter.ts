// Direct filter gradient: each weight is one chain over the images and their pixels.

import { itemCount, itemStart, parallelFor, threadCount, worthSharing } from "../parallel";
import { TRAINS } from "../trains";
import { depthwiseFilterGrad } from "./conv-depthwise";
import { filterGrad } from "./conv-filter";
import { ConvJob, newJob, tablesOf } from "./conv-job";
import { planForward } from "./conv-plan";
import { setRuns } from "./conv-runs";
import { ConvShape } from "./conv-shape";
import { Run } from "./conv-tile";
import { enterWindow, placeWindow } from "./conv-window";

/** Floats of the filter for which packing the output's gradient once more costs little. */
const ITEM_FLOATS: i32 = 64;

/** Floats of source for a window: small enough for the second level cache beside all else that the filter goes over. */
const WINDOW_FLOATS: i32 = 1 << 15;

function filterGradItem(args: usize, item: i32, thread: i32): void {
  const job = changetype<ConvJob>(args);
  const s = job.shape;
  const dout = job.other;
  const sweep = job.sweepOf(thread);
  const sourceFloats = s.batch * s.height * s.width * s.channels;
  planForward(sweep, job.source, s, sourceFloats / WINDOW_FLOATS);
  const product = placeWindow(sweep, s, tablesOf(sweep));
  const step = (<usize>s.outChannels) << 2;
  setRuns(sweep, s, s.groupChannels, <i32>step, s.dilationX == 1 && s.groups == 1);
  const fours = (s.filterFloats + 3) >> 2;
  const first = itemStart(fours, item, job.parts) << 2;
  const end = min(itemStart(fours, item + 1, job.parts) << 2, s.filterFloats);
  const outputs = s.groupOutChannels;
  const units = sweep.units;
  for (let unit = 0; unit < units; unit++) {
    const pixelsEnd = enterWindow(sweep, unit);
    const doutAt = dout + <usize>sweep.firstPixel * step;
    const add = job.accumulate || unit > 0;
    if (s.isDepthwise) {
      depthwiseFilterGrad(
        job.target,
        sweep.base,
        sweep.pixels,
        pixelsEnd,
        sweep.runs + first * offsetof<Run>(),
        sweep.runs + end * offsetof<Run>(),
        doutAt,
        s.channels,
        add,
      );
      continue;
    }
    for (let group = 0; group < s.groups; group++) {
      const column = (<usize>(group * outputs)) << 2;
      filterGrad(
        job.target + column,
        sweep.base + ((<usize>(group * s.groupChannels)) << 2),
        sweep.pixels,
        pixelsEnd,
        sweep.runs,
        first,
        end,
        doutAt + column,
        step,
        outputs,
        add,
        product,
      );
    }
  }
}

/** dw = (accumulate ? dw : 0) + the gradient of w, as {@link f32_conv2d_dw}. */
export function directFilterGrad(
  dw: usize,
  x: usize,
  dout: usize,
  accumulate: bool,
  s: ConvShape,
  scratch: usize,
): void {
  const job = newJob(scratch, s, x, dw, dout, accumulate);
  if (worthSharing(s.operations)) {
    job.parts = min(itemCount(s.filterFloats), max(s.filterFloats / ITEM_FLOATS, threadCount()));
  }
  if (TRAINS) parallelFor(filterGradItem.index, scratch, job.parts);
}
