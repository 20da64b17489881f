// Moving values without changing them.
#pragma once

/** y [columns, rows] = x [rows, columns] transposed, in blocks that stay in the cache. */
static void transpose(const float* x, int64_t rows, int64_t columns, float* y) {
  constexpr int64_t kBlock = 32;
  parallel_ranges(ceil_div(rows, kBlock), most(1, 512 / most(1, columns)), [&](int64_t b0, int64_t b1) {
    for (int64_t r0 = b0 * kBlock; r0 < least(rows, b1 * kBlock); r0 += kBlock)
      for (int64_t c0 = 0; c0 < columns; c0 += kBlock)
        for (int64_t c = c0; c < least(columns, c0 + kBlock); c++)
          for (int64_t r = r0; r < least(rows, r0 + kBlock); r++) y[c * rows + r] = x[r * columns + c];
  });
}

/** Copies `count` runs of `width` floats between two strided arrays. */
static void copy_runs(const float* x, int64_t x_stride, float* y, int64_t y_stride, int64_t count, int64_t width) {
  if (count == 1) {
    return parallel_ranges(width, 65536, [&](int64_t i0, int64_t i1) {
      __builtin_memcpy(y + i0, x + i0, (i1 - i0) * sizeof(float));
    });
  }
  parallel_ranges(count, most(1, 16384 / most(1, width)), [&](int64_t r0, int64_t r1) {
    for (int64_t r = r0; r < r1; r++) __builtin_memcpy(y + r * y_stride, x + r * x_stride, width * sizeof(float));
  });
}
