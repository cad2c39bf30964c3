import { gradSum } from "../gradient";
import { rowAdd } from "../kernels/rows";
import { indexAt, RowsNode, rowBytes } from "../rows";
import { record, records } from "../tape";
import { allocData, copyDims, dataBytes, newRecord, Tensor } from "../tensor";

/** out[n, ..] of zeros, then out[rows[i]] += x[i], i ascending. Backward: dx[i] += dout[rows[i]]. */
export function scatterRows(x: Tensor, rows: Tensor, n: i32): Tensor {
  const out = newRecord(x.dtype, x.rank);
  copyDims(out, x);
  out.dim0 = n;
  allocData(out);
  memory.fill(out.data, 0, dataBytes(out.dtype, out.size));
  const width = x.span(1, x.rank);
  const bytes = rowBytes(x);
  for (let i = 0; i < rows.size; i++) {
    rowAdd(out.data + <usize>indexAt(rows, i) * bytes, x.data + <usize>i * bytes, width);
  }
  if (records(x)) {
    const node = record<RowsNode>(out, scatterRowsBackward.index);
    node.x = x;
    node.rows = rows;
  }
  return out;
}

function scatterRowsBackward(node: RowsNode): void {
  const x = node.x;
  const rows = node.rows;
  const dout = node.out.grad;
  const dx = gradSum(x);
  const width = x.span(1, x.rank);
  const bytes = rowBytes(x);
  for (let i = 0; i < rows.size; i++) {
    rowAdd(dx + <usize>i * bytes, dout + <usize>indexAt(rows, i) * bytes, width);
  }
}
