import { gradBuffer, gradSum, hasGrad } from "../gradient";
import { addColumnSums, keepWherePositive } from "../kernels/rows";
import { allocArena, Mark, pushMark, rewind } from "../memory";
import { NO_ACTIVATION, product, RELU_ACTIVATION } from "../product";
import { Node, record, records } from "../tape";
import { allocData, copyDims, dataBytes, newRecord, Tensor } from "../tensor";

@unmanaged
class LinearNode extends Node {
  x: Tensor;
  weight: Tensor;
  bias: Tensor | null;
  activation: i32;
}

/**
 * out[.., o] = activation(x[.., i] weight[o, i]' + bias[o]); bias may be null.
 *
 * Bias and relu happen in the product's store. Backward, with dz = dout where the relu let it through:
 * dx = dz weight, dweight = dz' x, dbias = column sums of dz (rows in ascending order).
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null, activation: i32): Tensor {
  const last = x.rank - 1;
  const outputs = weight.dim0;
  const out = newRecord(x.dtype, x.rank);
  copyDims(out, x);
  out.setDim(last, outputs);
  allocData(out);
  const biasData = bias === null ? <usize>0 : bias.data;
  product(
    out.data,
    x.data,
    weight.data,
    x.span(0, last),
    outputs,
    weight.dim1,
    false,
    true,
    false,
    biasData,
    activation,
  );
  if (records(x) || records(weight) || (bias !== null && records(bias))) {
    const node = record<LinearNode>(out, linearBackward.index);
    node.x = x;
    node.weight = weight;
    node.bias = bias;
    node.activation = activation;
  }
  return out;
}

function linearBackward(node: LinearNode): void {
  const x = node.x;
  const weight = node.weight;
  const bias = node.bias;
  const out = node.out;
  const rows = x.span(0, x.rank - 1);
  const inputs = weight.dim1;
  const outputs = weight.dim0;
  const addX = hasGrad(x);
  const dx = x.requiresGrad ? gradBuffer(x) : 0;
  const addWeight = hasGrad(weight);
  const dweight = weight.requiresGrad ? gradBuffer(weight) : 0;
  const dbias = bias !== null && bias.requiresGrad ? gradSum(bias) : 0;
  const mark = pushMark<Mark>();
  let dz = out.grad;
  if (node.activation == RELU_ACTIVATION) {
    dz = allocArena(dataBytes(out.dtype, out.size));
    keepWherePositive(dz, out.grad, out.data, out.size);
  }
  if (dx != 0) {
    product(dx, dz, weight.data, rows, inputs, outputs, false, false, addX, 0, NO_ACTIVATION);
  }
  if (dweight != 0) {
    product(dweight, dz, x.data, outputs, inputs, rows, true, false, addWeight, 0, NO_ACTIVATION);
  }
  if (dbias != 0) addColumnSums(dbias, dz, rows, outputs);
  rewind(mark);
}
