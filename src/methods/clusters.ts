/** How well features fall into classes by themselves. */
import { Random } from "../random.ts";

const MOST_ROUNDS = 50;

/**
 * Purity of k-means clusters: the share of samples whose class is the most frequent one of their cluster. Each feature is
 * scaled to [-1, 1] first; there are as many clusters as classes.
 *
 * @param rows - features of each sample
 */
export function clusterPurity(
  rows: readonly Float32Array[],
  labels: readonly number[],
  classes: number,
  seed: number,
): number {
  const points = rescale(rows);
  const cluster = assign(points, Math.min(classes, points.length), new Random(seed, "clusters"));
  const counts = Array.from({ length: classes }, () => new Int32Array(classes));
  labels.forEach((label, i) => {
    const row = counts[cluster[i] as number] as Int32Array;
    row[label] = (row[label] as number) + 1;
  });
  return counts.reduce((sum, row) => sum + Math.max(...row), 0) / Math.max(labels.length, 1);
}

/** Each column to [-1, 1]; a constant one to -1. */
function rescale(rows: readonly Float32Array[]): Float64Array[] {
  const dim = rows[0]?.length ?? 0;
  const low = new Float64Array(dim).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(dim).fill(Number.NEGATIVE_INFINITY);
  for (const row of rows) {
    for (let k = 0; k < dim; k++) {
      low[k] = Math.min(low[k] as number, row[k] as number);
      high[k] = Math.max(high[k] as number, row[k] as number);
    }
  }
  return rows.map((row) =>
    Float64Array.from(row, (x, k) => {
      const range = (high[k] as number) - (low[k] as number);
      return range > 0 ? (2 * (x - (low[k] as number))) / range - 1 : -1;
    }),
  );
}

/** Cluster of each point: Lloyd's rounds from the k-means++ start (Arthur and Vassilvitskii 2007). */
function assign(points: readonly Float64Array[], k: number, random: Random): Int32Array {
  const cluster = new Int32Array(points.length);
  let centres = choose(points, k, random);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let moved = false;
    points.forEach((point, i) => {
      const distances = centres.map((centre) => squaredDistance(point, centre));
      const nearest = distances.indexOf(Math.min(...distances));
      moved ||= nearest !== cluster[i];
      cluster[i] = nearest;
    });
    if (!moved && round > 0) break;
    centres = centres.map((centre, c) => meanOf(points, cluster, c) ?? centre);
  }
  return cluster;
}

/** Points far from each other: each with the chance of its squared distance to the nearest before it. */
function choose(points: readonly Float64Array[], k: number, random: Random): Float64Array[] {
  const centres: Float64Array[] = [];
  let distances = points.map(() => 1);
  while (centres.length < k) {
    let left = random.float() * distances.reduce((sum, d) => sum + d, 0);
    const found = distances.findIndex((d) => {
      left -= d;
      return left < 0;
    });
    const centre = points[Math.max(found, 0)] as Float64Array;
    const first = centres.length === 0;
    centres.push(centre);
    distances = points.map((point, i) => {
      const d = squaredDistance(point, centre);
      return first ? d : Math.min(d, distances[i] as number);
    });
  }
  return centres;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) {
    const d = (a[k] as number) - (b[k] as number);
    sum += d * d;
  }
  return sum;
}

function meanOf(
  points: readonly Float64Array[],
  cluster: Int32Array,
  c: number,
): Float64Array | undefined {
  const own = points.filter((_, i) => cluster[i] === c);
  const [first] = own;
  return first?.map((_, k) => own.reduce((sum, p) => sum + (p[k] as number), 0) / own.length);
}
