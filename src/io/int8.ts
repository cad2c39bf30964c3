/** Eight bits a number, symmetric around 0, with a scale for each channel: x = scale q, q in [-127, 127]. */

const GREATEST = 127;

export interface Int8Tensor {
  readonly values: Int8Array;
  /** One per channel. */
  readonly scales: Float32Array;
  /** Along which the channels lie: the first axis or the last, whichever loses less. */
  readonly axis: number;
}

/** @param shape - of at least one axis */
export function toInt8(data: Float32Array, shape: readonly number[]): Int8Tensor {
  const [first, last] = [0, shape.length - 1].map((axis) => along(data, shape, axis)) as [
    ReturnType<typeof along>,
    ReturnType<typeof along>,
  ];
  return first.error <= last.error ? first : last;
}

/** The numbers that are meant. */
export function fromInt8(
  values: Int8Array,
  scales: Float32Array,
  shape: readonly number[],
  axis: number,
): Float32Array {
  const channel = channelsOf(shape, axis);
  return Float32Array.from(values, (value, i) => value * (scales[channel(i)] as number));
}

function along(data: Float32Array, shape: readonly number[], axis: number) {
  const channel = channelsOf(shape, axis);
  const greatest = new Float32Array(shape[axis] as number);
  data.forEach((value, i) => {
    greatest[channel(i)] = Math.max(greatest[channel(i)] as number, Math.abs(value));
  });
  const scales = greatest.map((value) => value / GREATEST);
  const values = new Int8Array(data.length);
  let error = 0;
  data.forEach((value, i) => {
    const scale = scales[channel(i)] as number;
    const rounded = scale === 0 ? 0 : Math.round(value / scale);
    values[i] = Math.max(-GREATEST, Math.min(GREATEST, rounded));
    error += (value - (values[i] as number) * scale) ** 2;
  });
  return { values, scales, axis, error };
}

/** Which channel an element belongs to, by its position. */
function channelsOf(shape: readonly number[], axis: number): (position: number) => number {
  const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const count = shape[axis] as number;
  return (position) => Math.floor(position / inner) % count;
}
