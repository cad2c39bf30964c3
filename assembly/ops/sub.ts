import { binary, binaryBackward } from "../binary";
import { neg, sub as subLanes } from "../lanes";
import { BinaryNode } from "../tape";
import { Tensor } from "../tensor";

/** y = a - b; da = dy, db = -dy. */
@unmanaged
class Sub {
  value<T>(a: T, b: T): T {
    return subLanes<T>(a, b);
  }
}

@unmanaged
class GradientOfA {
  dyAlone(): void {}

  gradient<T>(dy: T, _own: T, _other: T, _y: T): T {
    return dy;
  }
}

@unmanaged
class GradientOfB {
  dyAlone(): void {}

  gradient<T>(dy: T, _own: T, _other: T, _y: T): T {
    return neg<T>(dy);
  }
}

export function sub(a: Tensor, b: Tensor): Tensor | null {
  return binary<Sub>(a, b, subBackward.index);
}

function subBackward(node: BinaryNode): void {
  binaryBackward<GradientOfA, GradientOfB>(node);
}
