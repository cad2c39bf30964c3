import { DataError, formatNames, OptionError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkIndices, checkOperands, shapeError } from "./checks.ts";

/**
 * Rows of x by index: x[m, ..], rows i32 [n] -> [n, ..]. A row may be taken several times; its gradients add up in
 * ascending order of n.
 *
 * @throws {ShapeError} if x has no axis or rows is no vector
 * @throws {DataError} if a row is out of range
 */
export function gatherRows(x: Tensor, rows: Tensor): Tensor {
  return gather("gatherRows", "row", x, rows);
}

/**
 * Looks up table[V, d] at ids i32 [n] -> [n, d]. The table's gradient is dense.
 *
 * @throws {ShapeError} if the table is no matrix or ids no vector
 * @throws {DataError} if an id is out of range
 */
export function embedding(table: Tensor, ids: Tensor): Tensor {
  if (table.rank !== 2) throw shapeError("embedding", "Cannot look up rows", "a matrix", table);
  return gather("embedding", "id", table, ids);
}

function gather(where: string, what: string, x: Tensor, rows: Tensor): Tensor {
  checkOperands(where, x);
  const [length] = x.shape;
  if (length === undefined) throw shapeError(where, "Cannot take rows", "at least 1 axis", x);
  checkIndices(where, what, rows, length, x);
  return x.engine.wrap(x.engine.core.gatherRows(x.pointer, rows.pointer));
}

/**
 * Puts rows into zeros: out[n, ..], out[rows[i]] += x[i] for x[m, ..], rows i32 [m]. Rows that meet add up in ascending
 * order of i.
 *
 * @throws {ShapeError} if x and rows do not have the same first length
 * @throws {OptionError} if n is no whole number >= 0
 * @throws {DataError} if a row is out of range
 */
export function scatterRows(x: Tensor, rows: Tensor, n: number): Tensor {
  checkOperands("scatterRows", x);
  if (!Number.isInteger(n) || n < 0) {
    throw new OptionError(
      `scatterRows: Cannot make the result: expected a whole number of rows >= 0, got ${n}`,
    );
  }
  checkIndices("scatterRows", "row", rows, n, x);
  if (x.shape[0] !== rows.size) {
    throw shapeError("scatterRows", "Cannot place rows", "one index per row of x", x, rows);
  }
  return x.engine.wrap(x.engine.core.scatterRows(x.pointer, rows.pointer, n));
}

/** How the rows of a bag become one, by name; the numbers are the core's. */
const BAG_MODES = { sum: 0, mean: 1 } as const;
export type BagMode = keyof typeof BAG_MODES;

/**
 * One row per bag of ids: table[V, d], ids i32 [n], offsets i32 [bags] -> [bags, d].
 *
 * Bag b holds ids[offsets[b]] up to the next bag's offset (the last: up to n). An empty bag gives zeros.
 *
 * @param mode - "mean" (default) or "sum" of the bag's rows
 * @throws {ShapeError} if the table is no matrix, or ids or offsets is no vector
 * @throws {DataError} if an id is out of range, or offsets do not ascend from 0
 */
export function embeddingBag(
  table: Tensor,
  ids: Tensor,
  offsets: Tensor,
  mode: BagMode = "mean",
): Tensor {
  checkOperands("embeddingBag", table);
  const [vocabulary] = table.shape;
  if (vocabulary === undefined || table.rank !== 2) {
    throw shapeError("embeddingBag", "Cannot look up rows", "a matrix", table);
  }
  const code = BAG_MODES[mode];
  if (code === undefined) {
    throw new OptionError(
      `embeddingBag: Cannot find mode "${mode}": expected one of ${formatNames(Object.keys(BAG_MODES))}`,
    );
  }
  checkIndices("embeddingBag", "id", ids, vocabulary, table);
  checkOffsets(offsets, ids, table);
  const { core } = table.engine;
  return table.engine.wrap(core.embeddingBag(table.pointer, ids.pointer, offsets.pointer, code));
}

function checkOffsets(offsets: Tensor, ids: Tensor, owner: Tensor): void {
  checkIndices("embeddingBag", "offset", offsets, ids.size + 1, owner);
  let previous = 0;
  offsets.view().forEach((offset, bag) => {
    if (offset < previous || (bag === 0 && offset !== 0)) {
      const wanted = bag === 0 ? "0" : `at least ${previous}`;
      throw new DataError(
        `embeddingBag: Cannot start bag ${bag}: expected offset ${wanted}, got ${offset}`,
      );
    }
    previous = offset;
  });
}
