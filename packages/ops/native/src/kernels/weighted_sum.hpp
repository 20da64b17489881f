// Weighted sums of tensors, and sums of squares: what many small tensors need between training steps.
#pragma once

/** The value as memory would have it: the compiler may not contract the product with a sum that follows. */
static inline V rounded(V x) {
  asm("" : "+m"(x));
  return x;
}

/** out = a * x + b * y, each product rounded; y may be null. */
static void weighted_sum(int64_t count, const float* x, float a, const float* y, float b, float* out) {
  parallel_ranges(count, 16384, [&](int64_t i0, int64_t i1) {
    for (int64_t i = i0; i < i1; i += W) {
      const int lanes = (int)least(W, i1 - i);
      V sum = load_lanes(x + i, lanes) * a;
      if (y) sum = rounded(sum) + rounded(load_lanes(y + i, lanes) * b);
      store_lanes(out + i, sum, lanes);
    }
  });
}

static int64_t square_sum_scratch(int64_t count) { return count + reduce_scratch(1, count); }

/** The sum of squares, in the order that squaring and then summing has. */
static void square_sum(const float* x, int64_t count, float* sum, float* scratch) {
  unary(kSquare, x, count, 0, 0, scratch);
  reduce_inner(kSum, scratch, 1, count, 1, sum, scratch + count);
}
