/**
 * Constants that both sides of the border read: the AssemblyScript core and the TypeScript layer.
 * Literals only, so that the file means the same in both languages.
 */

/** Raised with every change of a record or an export's meaning; compared at load. */
export const ABI_VERSION = 2;

/** Most axes a tensor may have. */
export const MAX_RANK = 6;

/** Element types. */
export const F32 = 0;
export const I32 = 1;
export const F64 = 2;

/** Byte offsets in a tensor record. */
export const TENSOR_DATA = 0;
export const TENSOR_GRAD = 4;
export const TENSOR_SIZE = 8;
export const TENSOR_RANK = 12;
export const TENSOR_DIMS = 16;
export const TENSOR_DTYPE = 40;
export const TENSOR_FLAGS = 44;
export const TENSOR_STAMP = 48;

/** Bits of TENSOR_FLAGS. */
export const REQUIRES_GRAD = 1;
export const PERSISTENT = 2;
export const LEAF = 4;

/** Bits of `coreFeatures()`: what the core was compiled for. */
export const FEATURE_SIMD = 1;
export const FEATURE_RELAXED = 2;
export const FEATURE_THREADS = 4;

/** The core's message when memory runs out; the numbers with it are bytes. */
export const OUT_OF_MEMORY = "out of memory";

/** The core's message when a recomputed stretch uses a result from outside; the rest is for people. */
export const FOREIGN_GRADIENT = "a result from outside a recomputed stretch";
