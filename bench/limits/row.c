// One row times 512 x 512 in native code with 128-bit vectors: 1 MiB of memory, each number used once. Prints GFLOP/s by name
// as JSON.
#include <immintrin.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { N = 512, ROUNDS = 1500 };

// What is fetched ahead of the last rows lies past the matrix.
static float a[N], b[(N + 8) * N] __attribute__((aligned(4096))), c[N] __attribute__((aligned(4096)));
static volatile float seen;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void read_once(void) {
  __m128 sums[4] = {0};
  for (long i = 0; i < N * N; i += 16)
    for (int v = 0; v < 4; v++) sums[v] = _mm_or_ps(sums[v], _mm_loadu_ps(b + i + 4 * v));
  seen = _mm_cvtss_f32(_mm_or_ps(_mm_or_ps(sums[0], sums[1]), _mm_or_ps(sums[2], sums[3])));
}

// APART keeps a load from becoming an operand of the multiplication.
#define PRODUCT(name, ROWS, AHEAD, APART)                                                               \
  static void name(void) {                                                                       \
    memset(c, 0, sizeof c);                                                                      \
    for (long row = 0; row < N; row += ROWS) {                                                   \
      const float *from = b + row * N;                                                           \
      for (long i = 0; i < N; i += 16) {                                                         \
        if (AHEAD)                                                                               \
          for (int r = 0; r < ROWS; r++) _mm_prefetch(from + i + (r + ROWS) * N, _MM_HINT_T0);   \
        for (int v = 0; v < 16; v += 4) {                                                        \
          __m128 sum = _mm_loadu_ps(c + i + v);                                                  \
          for (int r = 0; r < ROWS; r++) {                                                       \
            __m128 x = _mm_loadu_ps(from + i + v + r * N);                                       \
            if (APART) __asm__("" : "+x"(x));                                                    \
            sum = _mm_add_ps(sum, _mm_mul_ps(_mm_set1_ps(a[row + r]), x));                       \
          }                                                                                      \
          _mm_storeu_ps(c + i + v, sum);                                                         \
        }                                                                                        \
      }                                                                                          \
    }                                                                                            \
    seen = c[0];                                                                                 \
  }
PRODUCT(four, 4, 0, 0)
PRODUCT(four_apart, 4, 0, 1)
PRODUCT(eight_apart, 8, 0, 1)
PRODUCT(ahead, 4, 1, 1)

static const struct {
  const char *name;
  void (*run)(void);
} WAYS[] = {
    {"the matrix read once, nothing computed", read_once},
    {"four rows at a time", four},
    {"four rows, each load an instruction, as V8 has it", four_apart},
    {"eight rows, the same", eight_apart},
    {"four rows, the same, fetched ahead, for which WASM has no instruction", ahead},
};
enum { WAY_COUNT = sizeof WAYS / sizeof *WAYS };

int main(void) {
  double best[WAY_COUNT];
  for (int i = 0; i < N; i++) a[i] = (float)i / N;
  for (long i = 0; i < (N + 8) * N; i++) b[i] = (float)(i % 211) / 100;
  for (int w = 0; w < WAY_COUNT; w++) best[w] = 1e9;
  for (int round = 0; round < ROUNDS; round++)
    for (int w = 0; w < WAY_COUNT; w++) {
      const double start = now();
      WAYS[w].run();
      const double seconds = now() - start;
      if (seconds < best[w]) best[w] = seconds;
    }
  for (int w = 0; w < WAY_COUNT; w++)
    printf("%s\"%s\": %.2f", w == 0 ? "{" : ",", WAYS[w].name, 2.0 * N * N / best[w] / 1e9);
  printf("}\n");
}
