import { gradSum } from "../gradient";
import { rowAdd, rowScale } from "../kernels/rows";
import { indexAt, rowBytes } from "../rows";
import { Node, record, records } from "../tape";
import { dataBytes, newMatrix, Tensor } from "../tensor";

@unmanaged
class EmbeddingBagNode extends Node {
  table: Tensor;
  ids: Tensor;
  offsets: Tensor;
  mean: bool;
}

/** First id past bag `bag`. */
function bagEnd(ids: Tensor, offsets: Tensor, bag: i32): i32 {
  return bag + 1 < offsets.size ? indexAt(offsets, bag + 1) : ids.size;
}

/**
 * out[bag] = sum, or mean, of the rows table[ids[i]] for offsets[bag] <= i < offsets[bag + 1]; 0 for an empty bag.
 *
 * Adds in ascending order of i, forward and backward.
 */
export function embeddingBag(table: Tensor, ids: Tensor, offsets: Tensor, mean: bool): Tensor {
  const bags = offsets.size;
  const width = table.dim1;
  const bytes = rowBytes(table);
  const out = newMatrix(bags, width);
  memory.fill(out.data, 0, dataBytes(out.dtype, out.size));
  for (let bag = 0; bag < bags; bag++) {
    const row = out.data + <usize>bag * bytes;
    const start = indexAt(offsets, bag);
    const end = bagEnd(ids, offsets, bag);
    for (let i = start; i < end; i++) {
      rowAdd(row, table.data + <usize>indexAt(ids, i) * bytes, width);
    }
    if (mean && end > start) rowScale(row, row, 1 / <f32>(end - start), width, false);
  }
  if (records(table)) {
    const node = record<EmbeddingBagNode>(out, embeddingBagBackward.index);
    node.table = table;
    node.ids = ids;
    node.offsets = offsets;
    node.mean = mean;
  }
  return out;
}

function embeddingBagBackward(node: EmbeddingBagNode): void {
  const table = node.table;
  const ids = node.ids;
  const offsets = node.offsets;
  const width = table.dim1;
  const bytes = rowBytes(table);
  const dtable = gradSum(table);
  for (let bag = 0; bag < offsets.size; bag++) {
    const row = node.out.grad + <usize>bag * bytes;
    const start = indexAt(offsets, bag);
    const end = bagEnd(ids, offsets, bag);
    const scale: f32 = node.mean ? 1 / <f32>(end - start) : 1;
    for (let i = start; i < end; i++) {
      rowScale(dtable + <usize>indexAt(ids, i) * bytes, row, scale, width, true);
    }
  }
}
