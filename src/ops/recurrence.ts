import type { Tensor } from "../engine/tensor.ts";
import { checkOperands, shapeError } from "./checks.ts";

/**
 * One step of a gated recurrent unit, its products apart: x[n, 3 d] = W_i input + b_i, g[n, 3 d] = W_h h + b_h and the
 * state h[n, d] -> [n, d]. With the thirds of x and g: r = sigmoid(x0 + g0), z = sigmoid(x1 + g1),
 * c = tanh(x2 + r g2), and the new state is (1 - z) c + z h.
 *
 * Source: Cho et al., Learning phrase representations using RNN encoder-decoder (2014), as PyTorch and cuDNN have it.
 *
 * @throws {ShapeError} if the shapes do not fit
 */
export function gruCell(x: Tensor, g: Tensor, h: Tensor): Tensor {
  checkOperands("gruCell", x, g, h);
  const [n, d = 0] = h.shape;
  const fits = h.rank === 2 && [x, g].every((t) => t.rank === 2 && t.shape[0] === n);
  if (!fits || x.shape[1] !== 3 * d || g.shape[1] !== 3 * d) {
    throw shapeError("gruCell", "Cannot step", "x [n, 3 d], g [n, 3 d], h [n, d]", x, g, h);
  }
  return x.engine.wrap(x.engine.core.gruCell(x.pointer, g.pointer, h.pointer));
}
