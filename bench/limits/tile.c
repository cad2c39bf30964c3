// The product's tile of 4 x 8 in native code with the same instructions: 128-bit vectors, multiply and add apart.
// Prints GFLOP/s by name as JSON. The loads of a step first, then multiply and add by turns, is what V8 of Node 20 emits.
#include <immintrin.h>
#include <stdio.h>
#include <time.h>

enum { K = 256, CALLS = 400, ROUNDS = 300 };

static float a[4 * K] __attribute__((aligned(4096))), b[8 * K] __attribute__((aligned(4096))), c[32];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static __attribute__((noinline)) void compiled(float *to, const float *aAt, const float *bAt) {
  __m128 sums[4][2];
  for (int r = 0; r < 4; r++)
    for (int v = 0; v < 2; v++) sums[r][v] = _mm_loadu_ps(to + (2 * r + v) * 4);
#pragma GCC unroll 4
  for (int k = 0; k < K; k++) {
    __m128 halves[2];
    for (int v = 0; v < 2; v++) halves[v] = _mm_loadu_ps(bAt + 4 * v);
    for (int r = 0; r < 4; r++) {
      const __m128 s = _mm_broadcast_ss(aAt + r);
      for (int v = 0; v < 2; v++) sums[r][v] = _mm_add_ps(sums[r][v], _mm_mul_ps(s, halves[v]));
    }
    aAt += 4;
    bAt += 8;
  }
  for (int r = 0; r < 4; r++)
    for (int v = 0; v < 2; v++) _mm_storeu_ps(to + (2 * r + v) * 4, sums[r][v]);
}

// xmm0-7 sums, xmm8-9 b, xmm10-13 a and products, xmm14 a product.
#define LOW(u) "vmovups " #u "*32(%1),%%xmm8\n"
#define HIGH(u) "vmovups " #u "*32+16(%1),%%xmm9\n"
#define ROW(u, r, x) "vbroadcastss " #u "*16+" #r "*4(%0),%%xmm" #x "\n"
#define MUL(half, x, to) "vmulps %%xmm" #half ",%%xmm" #x ",%%xmm" #to "\n"
#define ADD(x, sum) "vaddps %%xmm" #x ",%%xmm" #sum ",%%xmm" #sum "\n"
#define TURNS(x, low, high) MUL(8, x, 14) ADD(14, low) MUL(9, x, x) ADD(x, high)
#define GATHERED(u)                                                                            \
  HIGH(u) ROW(u, 0, 10) ROW(u, 2, 12) ROW(u, 1, 11) LOW(u) ROW(u, 3, 13) TURNS(10, 0, 1)         \
  TURNS(11, 2, 3) TURNS(12, 4, 5) TURNS(13, 6, 7)
#define FOURS(u, r, q, low, high, low1, high1)                                                 \
  ROW(u, r, 10) ROW(u, q, 11) MUL(8, 10, 12) MUL(9, 10, 10) MUL(8, 11, 13) MUL(9, 11, 11)        \
  ADD(12, low) ADD(10, high) ADD(13, low1) ADD(11, high1)
#define SPREAD(u) LOW(u) HIGH(u) FOURS(u, 0, 1, 0, 1, 2, 3) FOURS(u, 2, 3, 4, 5, 6, 7)
// As many loads and operations, none of which waits for another: xmm15 is all they read.
#define FREE(u, x, y) "vmulps %%xmm15,%%xmm15,%%xmm" #x "\nvaddps %%xmm15,%%xmm15,%%xmm" #y "\n"
#define FREE8(u) FREE(u, 0, 1) FREE(u, 2, 3) FREE(u, 4, 5) FREE(u, 6, 7)
#define APART(u) LOW(u) HIGH(u) ROW(u, 0, 10) ROW(u, 1, 11) ROW(u, 2, 12) ROW(u, 3, 13) FREE8(u) FREE8(u)
#define READING(at, x, y) "vmulps " #at "(%1),%%xmm15,%%xmm" #x "\nvaddps %%xmm15,%%xmm15,%%xmm" #y "\n"
#define FOLDED(u) READING(0, 0, 1) READING(16, 2, 3) READING(32, 4, 5) READING(48, 6, 7) \
  READING(64, 0, 1) READING(80, 2, 3) FREE(u, 4, 5) FREE(u, 6, 7)
#define TILE(name, STEP)                                                                        \
  static __attribute__((noinline)) void name(float *to, const float *aAt, const float *bAt) {   \
    long left = K / 4;                                                                          \
    (void)to;                                                                                   \
    __asm__ volatile("vxorps %%xmm15,%%xmm15,%%xmm15\n.p2align 5\n1:\n" STEP(0) STEP(1) STEP(2) STEP(3)                         \
                     "add $64,%0\nadd $128,%1\nsub $1,%2\njne 1b\n"                             \
                     : "+r"(aAt), "+r"(bAt), "+r"(left)                                         \
                     :                                                                          \
                     : "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",        \
                       "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",       \
                       "xmm15");    \
  }
TILE(gathered, GATHERED)
TILE(spread, SPREAD)
TILE(apart, APART)
TILE(folded, FOLDED)

static const struct {
  const char *name;
  void (*tile)(float *, const float *, const float *);
} TILES[] = {
    {"loads of a step first, multiply and add by turns, as V8 of Node 20", gathered},
    {"as gcc -O3 orders it", compiled},
    {"loads of two rows, four multiplications, four additions", spread},
    {"a step's 6 loads, 8 multiplications and 8 additions, none waiting for another", apart},
    {"the same, the loads as operands of multiplications", folded},
};
enum { TILE_COUNT = sizeof TILES / sizeof *TILES };

int main(void) {
  double best[TILE_COUNT];
  for (int t = 0; t < TILE_COUNT; t++) best[t] = 1e9;
  // All in turn, so that a disturbed moment is none's own.
  for (int round = 0; round < ROUNDS; round++)
    for (int t = 0; t < TILE_COUNT; t++) {
      const double start = now();
      for (int call = 0; call < CALLS; call++) TILES[t].tile(c, a, b);
      const double seconds = now() - start;
      if (seconds < best[t]) best[t] = seconds;
    }
  for (int t = 0; t < TILE_COUNT; t++)
    printf("%s\"%s\": %.2f", t == 0 ? "{" : ",", TILES[t].name, 64.0 * K * CALLS / best[t] / 1e9);
  printf("}\n");
}
