import type { OpName } from "../../src/engine/wasm/exports.ts";
import * as ops from "../../src/ops/index.ts";
import { Random } from "../../src/random.ts";
import { mapNd } from "../support/nd-array.ts";
import type { OpCase } from "../support/op-case.ts";

const P = 0.3;
const KEY = { seed: 5, stream: 11 };

export const DROPOUT_CASES = {
  dropout: {
    shapes: (n) => [[[n]], [[2, n, 3]]],
    run: ([x]) => ops.dropout(x, P, KEY),
    reference: ([x]) => {
      const random = new Random(KEY.seed, KEY.stream);
      return mapNd(x, (v) => (random.float() < P ? 0 : v / (1 - P)));
    },
    tolerance: 1e-6,
  },
} satisfies Partial<Record<OpName, OpCase>>;
