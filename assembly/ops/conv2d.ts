import { gradBuffer, gradSum, hasGrad } from "../gradient";
import {
  f32_conv2d,
  f32_conv2d_dw,
  f32_conv2d_dx,
  f32_conv2d_scratch_bytes,
} from "../kernels/conv";
import { ConvShape } from "../kernels/conv-shape";
import { addColumnSums, keepWherePositive } from "../kernels/rows";
import { allocArena, Mark, pushMark, rewind } from "../memory";
import { countOperations } from "../operations";
import { RELU_ACTIVATION } from "../product";
import { Node, record, records } from "../tape";
import { allocData, dataBytes, newRecord, Tensor } from "../tensor";

@unmanaged
class ConvNode extends Node {
  x: Tensor;
  weight: Tensor;
  bias: Tensor | null;
  activation: i32;
  shape: ConvShape;
}

/**
 * out = activation(x * weight + bias): x[n, height, width, channels], weight[kernelHeight, kernelWidth,
 * channels / groups, outChannels] -> [n, outHeight, outWidth, outChannels]; bias may be null.
 *
 * With x[n, width, channels] and weight[kernelWidth, ..] it is one-dimensional: a height of 1. Backward, with dz = dout
 * where the relu let it through: the kernel's gradients, and dbias = sums of dz over all pixels in ascending order.
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  strideY: i32,
  strideX: i32,
  padTop: i32,
  padBottom: i32,
  padLeft: i32,
  padRight: i32,
  dilationY: i32,
  dilationX: i32,
  groups: i32,
  activation: i32,
): Tensor {
  const rank = x.rank;
  const shape = changetype<ConvShape>(allocArena(offsetof<ConvShape>()));
  shape.batch = x.dim0;
  shape.height = rank == 4 ? x.dim1 : 1;
  shape.width = x.dim(rank - 2);
  shape.channels = x.dim(rank - 1);
  shape.outChannels = weight.dim(rank - 1);
  shape.kernelHeight = rank == 4 ? weight.dim0 : 1;
  shape.kernelWidth = weight.dim(rank - 3);
  shape.strideY = strideY;
  shape.strideX = strideX;
  shape.padTop = padTop;
  shape.padBottom = padBottom;
  shape.padLeft = padLeft;
  shape.padRight = padRight;
  shape.dilationY = dilationY;
  shape.dilationX = dilationX;
  shape.groups = groups;
  const out = newRecord(x.dtype, rank);
  out.dim0 = shape.batch;
  if (rank == 4) out.dim1 = shape.outHeight;
  out.setDim(rank - 2, shape.outWidth);
  out.setDim(rank - 1, shape.outChannels);
  allocData(out);
  const biasData = bias === null ? <usize>0 : bias.data;
  countOperations(shape.operations);
  const mark = pushMark<Mark>();
  const scratch = allocArena(f32_conv2d_scratch_bytes(changetype<usize>(shape)));
  f32_conv2d(
    out.data,
    x.data,
    weight.data,
    biasData,
    activation,
    changetype<usize>(shape),
    scratch,
  );
  rewind(mark);
  if (records(x) || records(weight) || (bias !== null && records(bias))) {
    const node = record<ConvNode>(out, conv2dBackward.index);
    node.x = x;
    node.weight = weight;
    node.bias = bias;
    node.activation = activation;
    node.shape = shape;
  }
  return out;
}

function conv2dBackward(node: ConvNode): void {
  const x = node.x;
  const weight = node.weight;
  const bias = node.bias;
  const out = node.out;
  const shape = changetype<usize>(node.shape);
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
  const scratch = allocArena(f32_conv2d_scratch_bytes(shape));
  countOperations(node.shape.operations * <f64>((dx != 0 ? 1 : 0) + (dweight != 0 ? 1 : 0)));
  if (dx != 0) f32_conv2d_dx(dx, dz, weight.data, addX, shape, scratch);
  if (dweight != 0) f32_conv2d_dw(dweight, x.data, dz, addWeight, shape, scratch);
  if (dbias != 0) addColumnSums(dbias, dz, out.span(0, out.rank - 1), out.dim(out.rank - 1));
  rewind(mark);
}
