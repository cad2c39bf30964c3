import { gradSum } from "../gradient";
import { rowAdd } from "../kernels/rows";
import { indexAt, RowsNode, rowBytes } from "../rows";
import { record, records } from "../tape";
import { allocData, copyDims, newRecord, Tensor } from "../tensor";

/** out[i, ..] = x[rows[i], ..]. Backward: dx[rows[i]] += dout[i], i ascending. */
export function gatherRows(x: Tensor, rows: Tensor): Tensor {
  const out = newRecord(x.dtype, x.rank);
  copyDims(out, x);
  out.dim0 = rows.size;
  allocData(out);
  const bytes = rowBytes(x);
  for (let i = 0; i < rows.size; i++) {
    memory.copy(out.data + <usize>i * bytes, x.data + <usize>indexAt(rows, i) * bytes, bytes);
  }
  if (records(x)) {
    const node = record<RowsNode>(out, gatherRowsBackward.index);
    node.x = x;
    node.rows = rows;
  }
  return out;
}

function gatherRowsBackward(node: RowsNode): void {
  const x = node.x;
  const rows = node.rows;
  const dout = node.out.grad;
  const dx = gradSum(x);
  const width = x.span(1, x.rank);
  const bytes = rowBytes(x);
  for (let i = 0; i < rows.size; i++) {
    rowAdd(dx + <usize>indexAt(rows, i) * bytes, dout + <usize>i * bytes, width);
  }
}
