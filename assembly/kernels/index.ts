/** Kernels that tests and benchmarks call on their own, on raw pointers. */
export { f32_conv2d, f32_conv2d_dw, f32_conv2d_dx, f32_conv2d_scratch_bytes } from "./conv";
export { f32_gemm, f32_gemm_batched, f32_gemm_scratch_bytes } from "./gemm";
export {
  f32_avg_pool2d,
  f32_avg_pool2d_dx,
  f32_global_avg_pool,
  f32_global_avg_pool_dx,
} from "./pool-average";
export { f32_max_pool2d, f32_max_pool2d_dx } from "./pool-max";
