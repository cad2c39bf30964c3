/**
 * A list of parameters with what an optimizer keeps for each, so that a whole step is one call.
 *
 * A parameter whose gradient was cleared and has not arrived since takes no part: neither its value nor its state
 * changes, not even by momentum or decay. Buffers have room for a whole vector past their end, so elementwise loops
 * need no tail.
 */
import { F32 } from "../../src/engine/abi";
import { freeGrad } from "../gradient";
import { allocPersistent, freePersistent } from "../memory";
import { dataBytes, Tensor } from "../tensor";

@unmanaged
export class Entry {
  /** First and second decay rate to the power of `steps`: running products, since there is no pow here. */
  power0: f64;
  power1: f64;
  parameter: Tensor;
  /** f32 buffers of `size` elements, the parameter's, or 0. */
  state0: usize;
  state1: usize;
  /** Factors of the learning rate and of the weight decay. */
  rate: f32;
  decay: f32;
  /** Steps that this parameter has taken. */
  steps: i32;
  size: i32;
  frozen: bool;
  /** The gradient buffer holds a step that waits for `applyUpdates`. */
  pending: bool;
}

const ENTRY_BYTES: usize = 48;

@unmanaged
export class ParameterList {
  count: i32;
}

const HEADER_BYTES: usize = 16;

function listBytes(count: i32): usize {
  return HEADER_BYTES + <usize>count * ENTRY_BYTES;
}

export function entryAt(list: ParameterList, i: i32): Entry {
  return changetype<Entry>(changetype<usize>(list) + HEADER_BYTES + <usize>i * ENTRY_BYTES);
}

/** True if the parameter holds a gradient and may move. */
export function isActive(entry: Entry): bool {
  return entry.parameter.stamp != 0 && !entry.frozen;
}

/** A list of `count` empty entries. */
export function parameterListCreate(count: i32): ParameterList {
  assert(offsetof<Entry>() <= ENTRY_BYTES, "parameterListCreate: entry size");
  const list = changetype<ParameterList>(allocPersistent(listBytes(count)));
  memory.fill(changetype<usize>(list), 0, listBytes(count));
  list.count = count;
  return list;
}

/** Puts `parameter`, persistent and with gradients, at `i` < count with `slots` (0 .. 2) zeroed buffers of state. */
export function parameterListSet(
  list: ParameterList,
  i: i32,
  parameter: Tensor,
  slots: i32,
  rate: f32,
  decay: f32,
): void {
  const entry = entryAt(list, i);
  entry.parameter = parameter;
  entry.size = parameter.size;
  entry.state0 = slots > 0 ? newState(parameter) : 0;
  entry.state1 = slots > 1 ? newState(parameter) : 0;
  entry.rate = rate;
  entry.decay = decay;
  entry.power0 = 1;
  entry.power1 = 1;
}

function newState(parameter: Tensor): usize {
  const bytes = dataBytes(parameter.dtype, parameter.size);
  const pointer = allocPersistent(bytes);
  memory.fill(pointer, 0, bytes);
  return pointer;
}

/** Frees the list and its states, not the parameters, which may be gone already. */
export function parameterListFree(list: ParameterList): void {
  for (let i = 0; i < list.count; i++) {
    const entry = entryAt(list, i);
    const bytes = dataBytes(F32, entry.size);
    if (entry.state0 != 0) freePersistent(entry.state0, bytes);
    if (entry.state1 != 0) freePersistent(entry.state1, bytes);
  }
  freePersistent(changetype<usize>(list), listBytes(list.count));
}

/** Address of a state buffer: slot 0 or 1. */
export function parameterListState(list: ParameterList, i: i32, slot: i32): usize {
  const entry = entryAt(list, i);
  return slot == 0 ? entry.state0 : entry.state1;
}

export function parameterListSteps(list: ParameterList, i: i32): i32 {
  return entryAt(list, i).steps;
}

/** Sets the count of steps; the running products are made anew in the order of training, so their bits are the same. */
export function parameterListSetSteps(
  list: ParameterList,
  i: i32,
  steps: i32,
  beta0: f64,
  beta1: f64,
): void {
  const entry = entryAt(list, i);
  entry.steps = steps;
  entry.power0 = 1;
  entry.power1 = 1;
  for (let step = 0; step < steps; step++) {
    const power0 = entry.power0 * beta0;
    const power1 = entry.power1 * beta1;
    // Once both stand still (at 0, in the end) they do so for good, however many steps a file claims.
    if (power0 == entry.power0 && power1 == entry.power1) break;
    entry.power0 = power0;
    entry.power1 = power1;
  }
}

/** A frozen parameter takes no step, whatever its gradient. */
export function parameterListFreeze(list: ParameterList, i: i32, frozen: bool): void {
  entryAt(list, i).frozen = frozen;
}

/** Forgets the gradients of all parameters; nothing is written to the buffers. */
export function clearGrads(list: ParameterList): void {
  for (let i = 0; i < list.count; i++) {
    const entry = entryAt(list, i);
    entry.parameter.stamp = 0;
    entry.pending = false;
  }
}

/** {@link clearGrads}, and frees the buffers of all but small parameters. */
export function freeGrads(list: ParameterList): void {
  for (let i = 0; i < list.count; i++) {
    const entry = entryAt(list, i);
    freeGrad(entry.parameter);
    entry.pending = false;
  }
}

/** parameter -= step, for every step that waits in a gradient buffer; the gradients are cleared by it. */
export function applyUpdates(list: ParameterList): void {
  for (let i = 0; i < list.count; i++) {
    const entry = entryAt(list, i);
    if (!entry.pending) continue;
    const parameter = entry.parameter;
    subtract(parameter.data, parameter.grad, parameter.size);
    parameter.stamp = 0;
    entry.pending = false;
  }
}

/** x[i] -= y[i], i < n. */
function subtract(x: usize, y: usize, n: i32): void {
  const end = x + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    for (; x < end; x += 16, y += 16) v128.store(x, f32x4.sub(v128.load(x), v128.load(y)));
  } else {
    for (; x < end; x += 4, y += 4) store<f32>(x, load<f32>(x) - load<f32>(y));
  }
}
