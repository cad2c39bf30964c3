import { add, constant, mul } from "../lanes";
import { Erf, Exp } from "../math";
import { UnaryNode } from "../tape";
import { Tensor } from "../tensor";
import { unary, unaryBackward } from "../unary";

/** 1 / sqrt(2), 1 / 2, -1 / 2, 1 / sqrt(2 pi). */
const GELU = memory.data<f32>([0.707106781, 0.5, -0.5, 0.39894228]);

/**
 * y = x Phi(x) with the normal distribution's Phi(x) = (1 + erf(x / sqrt(2))) / 2;
 * dx = dy (Phi(x) + x phi(x)) with its density phi(x) = e^(-x^2 / 2) / sqrt(2 pi).
 */
@unmanaged
class Gelu {
  @inline
  value<T>(x: T): T {
    return mul<T>(x, this.phi<T>(x));
  }

  @inline
  gradient<T>(dy: T, x: T, _y: T): T {
    const density = mul<T>(
      constant<T>(GELU, 3),
      Exp.of<T>(mul<T>(mul<T>(constant<T>(GELU, 2), x), x)),
    );
    return mul<T>(dy, add<T>(this.phi<T>(x), mul<T>(x, density)));
  }

  @inline
  private phi<T>(x: T): T {
    const half = constant<T>(GELU, 1);
    return add<T>(half, mul<T>(half, Erf.of<T>(mul<T>(constant<T>(GELU, 0), x))));
  }
}

export function gelu(x: Tensor): Tensor | null {
  return unary<Gelu>(x, geluBackward.index);
}

function geluBackward(node: UnaryNode): void {
  unaryBackward<Gelu>(node);
}
