/** Plain float64 matrices, row-major: what the core's linear algebra is held against. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export function matrix(rows: number, columns: number, data: ArrayLike<number>): Matrix {
  return { rows, columns, data: Float64Array.from(data) };
}

export function identity(n: number): Matrix {
  return build(n, n, (i, j) => Number(i === j));
}

export function build(rows: number, columns: number, at: (i: number, j: number) => number): Matrix {
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) data[i * columns + j] = at(i, j);
  return { rows, columns, data };
}

export function at({ columns, data }: Matrix, i: number, j: number): number {
  return data[i * columns + j] as number;
}

export function multiply(a: Matrix, b: Matrix): Matrix {
  return build(a.rows, b.columns, (i, j) => {
    let sum = 0;
    for (let k = 0; k < a.columns; k++) sum += at(a, i, k) * at(b, k, j);
    return sum;
  });
}

/** I + sum of weight r r'. */
export function information(
  d: number,
  memories: readonly { r: ArrayLike<number>; weight: number }[],
): Matrix {
  return build(d, d, (i, j) =>
    memories.reduce(
      (sum, { r, weight }) => sum + weight * (r[i] as number) * (r[j] as number),
      Number(i === j),
    ),
  );
}

/** Inverse by Gauss and Jordan with pivoting. */
export function inverse(a: Matrix): Matrix {
  const n = a.rows;
  const left = Float64Array.from(a.data);
  const right = identity(n).data;
  const swap = (m: Float64Array, p: number, q: number) => {
    for (let j = 0; j < n; j++) {
      const kept = m[p * n + j] as number;
      m[p * n + j] = m[q * n + j] as number;
      m[q * n + j] = kept;
    }
  };
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let i = c + 1; i < n; i++) {
      if (Math.abs(left[i * n + c] as number) > Math.abs(left[pivot * n + c] as number)) pivot = i;
    }
    swap(left, c, pivot);
    swap(right, c, pivot);
    const scale = 1 / (left[c * n + c] as number);
    for (let j = 0; j < n; j++) {
      left[c * n + j] = (left[c * n + j] as number) * scale;
      right[c * n + j] = (right[c * n + j] as number) * scale;
    }
    for (let i = 0; i < n; i++) {
      const factor = left[i * n + c] as number;
      if (i === c || factor === 0) continue;
      for (let j = 0; j < n; j++) {
        left[i * n + j] = (left[i * n + j] as number) - factor * (left[c * n + j] as number);
        right[i * n + j] = (right[i * n + j] as number) - factor * (right[c * n + j] as number);
      }
    }
  }
  return { rows: n, columns: n, data: right };
}

/** Eigenvalues of a symmetric matrix, ascending, by Jacobi rotations. */
export function eigenvalues(a: Matrix): number[] {
  const n = a.rows;
  const m = Float64Array.from(a.data);
  for (let sweep = 0; sweep < 40; sweep++) {
    let largest = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const across = m[p * n + q] as number;
        largest = Math.max(largest, Math.abs(across));
        if (across === 0) continue;
        const theta = ((m[q * n + q] as number) - (m[p * n + p] as number)) / (2 * across);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (const [step, base] of [
          [1, n],
          [n, 1],
        ] as const) {
          for (let k = 0; k < n; k++) {
            const x = m[p * base + k * step] as number;
            const y = m[q * base + k * step] as number;
            m[p * base + k * step] = c * x - s * y;
            m[q * base + k * step] = s * x + c * y;
          }
        }
      }
    }
    if (largest < 1e-300) break;
  }
  return Array.from({ length: n }, (_, i) => m[i * (n + 1)] as number).sort((x, y) => x - y);
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    worst = Math.max(worst, Math.abs((a[i] as number) - (b[i] as number)));
  }
  return a.length === b.length ? worst : Number.NaN;
}

export function norm(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) ** 2;
  return Math.sqrt(sum);
}
