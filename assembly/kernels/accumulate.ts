/** Adding one buffer to another, which most ops that move data need in their backward. */
import { add, read, write } from "../lanes";
import { FloatShare, shareFloats, worthSharingLoop } from "../share";

/** dst[i] = or += src[i], i < n; nothing past n is written. Long buffers are shared by the threads. */
export function accumulate(dst: usize, src: usize, n: i32, sum: bool): void {
  if (ASC_FEATURE_THREADS && worthSharingLoop(n))
    shareFloats(accumulateItem.index, n, dst, src, 0, 0, 0, sum);
  else accumulateRow(dst, src, n, sum);
}

function accumulateItem(args: usize, item: i32, _thread: i32): void {
  const share = changetype<FloatShare>(args);
  const at = share.at(item);
  accumulateRow(share.a + at, share.b + at, share.count(item), share.sum);
}

function accumulateRow(dst: usize, src: usize, n: i32, sum: bool): void {
  const bytes = (<usize>n) << 2;
  if (!sum) {
    memory.copy(dst, src, bytes);
    return;
  }
  const end = dst + bytes;
  if (ASC_FEATURE_SIMD) {
    for (; dst + 16 <= end; dst += 16, src += 16) {
      write<v128>(dst, add<v128>(read<v128>(dst), read<v128>(src)));
    }
  }
  for (; dst < end; dst += 4, src += 4) write<f32>(dst, add<f32>(read<f32>(dst), read<f32>(src)));
}
