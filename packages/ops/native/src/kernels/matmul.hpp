// General dense products: x . w, x . w^T on the row tiles of `linear`; x^T . w on the tiles of the weight gradient.
#pragma once

/** Floats of scratch for matmul_transposed. */
static int64_t matmul_transposed_scratch(int64_t rows, int64_t depth, int64_t columns) {
  const int32_t bounds[2] = {0, (int32_t)rows};
  return weight_gradient_scratch(1, bounds, 2, depth, columns);
}

/** y [depth, columns] = x [rows, depth]^T . w [rows, columns]. */
static void matmul_transposed(const float* x, int64_t rows, int64_t depth, const float* w, int64_t columns, float* y,
                              float* scratch) {
  const int32_t bounds[2] = {0, (int32_t)rows};
  weight_gradient(1, bounds, 2, nullptr, nullptr, x, depth, w, columns, y, scratch);
}
