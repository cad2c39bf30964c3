// What the register tiles are compiled for: how many rows, and how the left operand lies.

@unmanaged
export class Rows1 {
  count(): i32 {
    return 1;
  }
}
@unmanaged
export class Rows2 {
  count(): i32 {
    return 2;
  }
}
@unmanaged
export class Rows3 {
  count(): i32 {
    return 3;
  }
}
@unmanaged
export class Rows4 {
  count(): i32 {
    return 4;
  }
}

/** a packed for this tile: the floats of all rows side by side. */
@unmanaged
export class Packed {
  row0(a: usize): v128 {
    return v128.load32_splat(a);
  }
  row1(a: usize, _rowStep: usize): v128 {
    return v128.load32_splat(a, 4);
  }
  row2(a: usize, _rowStep: usize): v128 {
    return v128.load32_splat(a, 8);
  }
  row3(a: usize, _rowStep: usize): v128 {
    return v128.load32_splat(a, 12);
  }
}

/** a where it lies, for products too narrow to repay packing. */
@unmanaged
export class InPlace {
  row0(a: usize): v128 {
    return v128.load32_splat(a);
  }
  row1(a: usize, rowStep: usize): v128 {
    return v128.load32_splat(a + rowStep);
  }
  row2(a: usize, rowStep: usize): v128 {
    return v128.load32_splat(a + (rowStep << 1));
  }
  row3(a: usize, rowStep: usize): v128 {
    return v128.load32_splat(a + rowStep * 3);
  }
}
