import type { pictures } from "../../src/augment/index.ts";
import type { mlp } from "../../src/encoders/index.ts";
import type { BatchLoader, RowSource, train } from "../../src/index.ts";
import type { mla } from "../../src/methods/index.ts";

export function computedRows(from: unknown): RowSource;

export function loaderJob(
  library: {
    readonly train: typeof train;
    readonly mla: typeof mla;
    readonly mlp: typeof mlp;
    readonly pictures: typeof pictures;
  },
  loader?: BatchLoader,
): Promise<{ readonly weights: string; readonly batches: string; readonly reads: number }>;
