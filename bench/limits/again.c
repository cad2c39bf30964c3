// What it takes to read the matrix of a product of 64 x 784 x 512 once more, in blocks of 128 columns as the product does:
// at once, and as long after the last time as the product takes, in which nothing of ours touches memory. What others do
// meanwhile on processors that share the last cache decides the difference. Prints microseconds by name as JSON.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS = 784, ROW_BYTES = 2048, BLOCK_BYTES = 512, LINE = 64, ROUNDS = 500 };
static char matrix[ROWS * ROW_BYTES] __attribute__((aligned(4096)));
static volatile int seen;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return 1e6 * (double)time.tv_sec + 1e-3 * (double)time.tv_nsec;
}

static double read_after(double pause) {
  for (const double end = now() + pause; now() < end;);
  const double start = now();
  int sum = 0;
  for (long block = 0; block < ROW_BYTES; block += BLOCK_BYTES)
    for (long row = block; row < ROWS * ROW_BYTES; row += ROW_BYTES)
      for (long at = row; at < row + BLOCK_BYTES; at += LINE) sum += matrix[at];
  seen = sum;
  return now() - start;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(void) {
  static const double PAUSES[] = {0, 1300};
  static const char *const NAMES[] = {"at once", "after 1.3 ms"};
  static double times[2][ROUNDS];
  memset(matrix, 1, sizeof matrix);
  for (int way = 0; way < 2; way++) {
    for (int round = 0; round < ROUNDS; round++) times[way][round] = read_after(PAUSES[way]);
    qsort(times[way], ROUNDS, sizeof(double), ascending);
    printf("%s\"%s, fastest\": %.1f, \"%s, median\": %.1f", way == 0 ? "{" : ", ", NAMES[way],
           times[way][0], NAMES[way], times[way][ROUNDS / 2]);
  }
  printf("}\n");
}
