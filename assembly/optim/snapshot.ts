/** Copies of all values of a list, end to end in a buffer of f32: taken, put back and mixed in one call each. */
import { entryAt, ParameterList } from "./parameter-list";

/** buffer = parameters. */
export function snapshotTake(list: ParameterList, buffer: usize): void {
  for (let i = 0; i < list.count; i++) {
    const parameter = entryAt(list, i).parameter;
    const bytes = (<usize>parameter.size) << 2;
    memory.copy(buffer, parameter.data, bytes);
    buffer += bytes;
  }
}

/** parameters = buffer. */
export function snapshotRestore(list: ParameterList, buffer: usize): void {
  for (let i = 0; i < list.count; i++) {
    const parameter = entryAt(list, i).parameter;
    const bytes = (<usize>parameter.size) << 2;
    memory.copy(parameter.data, buffer, bytes);
    buffer += bytes;
  }
}

/** parameters += weight (buffer - parameters). */
export function snapshotMix(list: ParameterList, buffer: usize, weight: f32): void {
  for (let i = 0; i < list.count; i++) {
    const parameter = entryAt(list, i).parameter;
    let x = parameter.data;
    const end = x + ((<usize>parameter.size) << 2);
    let y = buffer;
    if (ASC_FEATURE_SIMD) {
      const weights = f32x4.splat(weight);
      for (; x < end; x += 16, y += 16) {
        const value = v128.load(x);
        const way = f32x4.sub(v128.load(y), value);
        v128.store(x, f32x4.add(value, f32x4.mul(weights, way)));
      }
    } else {
      for (; x < end; x += 4, y += 4) {
        const value = load<f32>(x);
        store<f32>(x, value + weight * (load<f32>(y) - value));
      }
    }
    buffer += (<usize>parameter.size) << 2;
  }
}
