import { OptionError, ShapeError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { wholeNumber } from "../engine/whole-number.ts";
import { add, mul } from "./arithmetic.ts";
import { checkOperands, shapeError } from "./checks.ts";
import { matmul } from "./matmul.ts";
import { permute, reshape } from "./shape.ts";
import { softmax } from "./softmax.ts";

export interface AttentionOptions {
  /** The features are cut into so many parts, each attended to on its own. Default 1. */
  heads?: number;
  /**
   * Added to the scores [n, heads, queries, keys], to which it broadcasts: 0 where a query may look, -Infinity where not.
   * Each query must be left with a key. [n, 1, 1, keys] hides padding.
   */
  mask?: Tensor | undefined;
  /** Query i looks at keys 0 to i alone. Default false. */
  causal?: boolean;
}

/**
 * Scaled dot-product attention: softmax(q k' / sqrt(features per head) + mask) v, per head.
 *
 * q[n, queries, d], k[n, keys, d], v[n, keys, e] -> [n, queries, e]; heads divide d and e into consecutive parts.
 *
 * Source: Vaswani et al., Attention is all you need (2017), section 3.2.
 *
 * @throws {ShapeError} if q, k and v do not fit each other, the mask the scores, or the keys the queries when causal
 * @throws {OptionError} if heads is no whole number that divides d and e
 */
export function scaledDotProductAttention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  { heads = 1, mask, causal = false }: AttentionOptions = {},
): Tensor {
  const where = "scaledDotProductAttention";
  checkOperands(where, q, k, v, mask);
  const [n = 0, queries = 0, d = 0] = q.shape;
  const [, keys = 0] = k.shape;
  const e = v.shape[2] ?? 0;
  const fits =
    [q, k, v].every((x) => x.rank === 3 && x.shape[0] === n) &&
    k.shape[2] === d &&
    v.shape[1] === keys;
  if (!fits) {
    throw shapeError(
      where,
      "Cannot attend",
      "q [n, queries, d], k [n, keys, d], v [n, keys, e]",
      q,
      k,
      v,
    );
  }
  wholeNumber(`${where}: Cannot use the number of heads`, heads, 1);
  if (d % heads !== 0 || e % heads !== 0) {
    throw new OptionError(
      `${where}: Cannot cut features into heads: expected a divisor of ${d} and ${e}, got ${heads}`,
    );
  }
  const scale = 1 / Math.sqrt(d / heads);
  const products = matmul(split(mul(q, scale), heads), split(k, heads), { transposeB: true });
  const masks = [causal ? causalMask(q, queries, keys) : undefined, mask];
  const scores = masks.reduce((sum: Tensor, m) => (m === undefined ? sum : add(sum, m)), products);
  if (scores.size !== products.size) {
    throw shapeError(
      where,
      "Cannot mask",
      `a mask that broadcasts to [${products.shape.join(", ")}]`,
      mask as Tensor,
    );
  }
  const mixed = matmul(softmax(scores), split(v, heads));
  return reshape(permute(mixed, [0, 2, 1, 3]), [n, queries, e]);
}

/** [n, length, heads d] -> [n, heads, length, d]. */
function split(x: Tensor, heads: number): Tensor {
  const [n = 0, length = 0, features = 0] = x.shape;
  return permute(reshape(x, [n, length, heads, features / heads]), [0, 2, 1, 3]);
}

/** [queries, keys]: 0 where key <= query, -infinity elsewhere. */
function causalMask(q: Tensor, queries: number, keys: number): Tensor {
  if (queries !== keys) {
    throw new ShapeError(
      `scaledDotProductAttention: Cannot order keys by queries: expected as many keys as queries, got ${keys} and ${queries}`,
    );
  }
  const values = new Float32Array(queries * keys);
  for (let query = 0; query < queries; query++) {
    values.fill(-Infinity, query * keys + query + 1, (query + 1) * keys);
  }
  return q.engine.tensor(values, [queries, keys]);
}
