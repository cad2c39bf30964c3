/** What one step of a parameter needs under any optimizer; all threads read it. */
import { LINE_FLOATS, lines, newShare, runShared, Share } from "../share";
import { Entry, entryAt, isActive, ParameterList } from "./parameter-list";

@unmanaged
export class StepShare extends Share {
  n: i32;
  /** Parameter and gradient. */
  p: usize;
  g: usize;
  updateOnly: bool;

  /** Bytes from the start of each buffer to a cache line of floats. */
  at(line: i32): usize {
    return (<usize>(line * LINE_FLOATS)) << 2;
  }

  /** Where the parameter's floats before `endLine` end. */
  end(endLine: i32): usize {
    return this.p + ((<usize>min(endLine * LINE_FLOATS, this.n)) << 2);
  }
}

/** The entry at `i`, whose step is counted; null if it takes none. */
export function beginStep(list: ParameterList, i: i32, updateOnly: bool): Entry | null {
  const entry = entryAt(list, i);
  if (!isActive(entry)) return null;
  entry.steps++;
  entry.pending = updateOnly;
  return entry;
}

/** The record of an entry's step; S adds fields of its own to {@link StepShare}. */
export function newStep<S>(entry: Entry): S {
  const share = newShare<S>();
  const step = changetype<StepShare>(share);
  step.n = entry.size;
  step.p = entry.parameter.data;
  step.g = entry.parameter.grad;
  step.updateOnly = entry.pending;
  return share;
}

/** F.run(share, firstLine, endLine, thread) for all lines of the parameter. */
export function runStep<F, S>(share: S): void {
  const n = changetype<StepShare>(share).n;
  runShared<F, S>(share, lines(n), n);
}
