/** Row-major float64 arrays: the plain reference that ops are held against. */
export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function nd(shape: readonly number[], data: ArrayLike<number>): NdArray {
  if (data.length !== sizeOf(shape)) throw new Error(`nd: ${data.length} values for [${shape}]`);
  return { shape, data: Float64Array.from(data) };
}

/** Fills an array of `shape` by index. */
export function build(
  shape: readonly number[],
  at: (index: readonly number[], flat: number) => number,
): NdArray {
  const data = new Float64Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let flat = 0; flat < data.length; flat++) {
    data[flat] = at(index, flat);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      index[axis] = 0;
    }
  }
  return { shape, data };
}

/** Element at `index`, read as NumPy broadcasts: missing leading axes and axes of length 1 repeat. */
export function at(x: NdArray, index: readonly number[]): number {
  const skip = index.length - x.shape.length;
  let flat = 0;
  x.shape.forEach((length, axis) => {
    flat = flat * length + (length === 1 ? 0 : (index[axis + skip] as number));
  });
  return x.data[flat] as number;
}

export function mapNd(x: NdArray, f: (value: number) => number): NdArray {
  return { shape: x.shape, data: x.data.map(f) };
}

/** Shape of two arrays broadcast against each other. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    return x === 1 ? y : x;
  });
}

export function zipNd(a: NdArray, b: NdArray, f: (x: number, y: number) => number): NdArray {
  return build(broadcastShape(a.shape, b.shape), (index) => f(at(a, index), at(b, index)));
}
