// Sparse convolution, dense layers, matrix products.
#include <algorithm>

#include "args.hpp"

namespace nerfseg {
namespace {

/** (taps, rows, inputRows, blockRows, offsets, from, to, fullTap): a list made by pairList or partPairs. */
PairList read_pairs(Args& a, int64_t* input_rows) {
  PairList p{};
  p.taps = a.size();
  p.rows = a.size();
  *input_rows = a.size();
  p.block_rows = a.size();
  a.require(p.block_rows > 0, "blocks need rows");
  p.blocks = a.ok() ? (p.rows + p.block_rows - 1) / p.block_rows : 0;
  p.offsets = a.ints(p.taps * (p.blocks + 1));
  // Taps may share a list in any order.
  int64_t pairs = 0;
  for (int64_t t = 0; t < p.taps && a.ok(); t++)
    pairs = std::max<int64_t>(pairs, p.offsets[t * (p.blocks + 1) + p.blocks]);
  p.from = a.ints(pairs);
  p.to = a.ints(pairs);
  p.full_tap = static_cast<int64_t>(a.number());
  return p;
}

/** (pairs..., x, depth, w, columns, transposed, bias|null, y) */
napi_value sparse_conv(napi_env env, napi_callback_info info) {
  Args a(env, info, "sparseConv");
  int64_t input_rows;
  const PairList p = read_pairs(a, &input_rows);
  const int64_t depth = a.size(), columns = a.size();
  const bool transposed = a.flag();
  const float* x = a.floats(input_rows * depth);
  const float* w = a.floats(p.taps * depth * columns);
  const float* bias = a.optional_floats(columns);
  float* y = a.floats(p.rows * columns);
  if (!a.ok()) return nullptr;
  float* scratch = a.scratch<float>(kernels().sparse_conv_scratch(p.taps, depth, columns));
  if (scratch) kernels().sparse_conv(p, x, depth, w, columns, transposed, bias, y, scratch);
  return nullptr;
}

/** (pairs..., depth, columns, x, dy, dw) */
napi_value sparse_conv_weight_gradient(napi_env env, napi_callback_info info) {
  Args a(env, info, "sparseConvWeightGradient");
  int64_t input_rows;
  const PairList p = read_pairs(a, &input_rows);
  const int64_t depth = a.size(), columns = a.size();
  const float* x = a.floats(input_rows * depth);
  const float* dy = a.floats(p.rows * columns);
  float* dw = a.floats(p.taps * depth * columns);
  if (!a.ok()) return nullptr;
  const int64_t stride = p.blocks + 1;
  float* scratch = a.scratch<float>(kernels().weight_gradient_scratch(p.taps, p.offsets, stride, depth, columns) + 1);
  if (scratch)
    kernels().weight_gradient(p.taps, p.offsets, stride, p.from, p.to, x, depth, dy, columns, dw, scratch);
  return nullptr;
}

/** (rows, depth, columns, transposed, activation, x, w, bias|null, y): y = activation(x . w + bias) */
napi_value linear(napi_env env, napi_callback_info info) {
  Args a(env, info, "linear");
  const int64_t rows = a.size(), depth = a.size(), columns = a.size();
  const bool transposed = a.flag();
  const int activation = a.integer();
  const float* x = a.floats(rows * depth);
  const float* w = a.floats(depth * columns);
  const float* bias = a.optional_floats(columns);
  float* y = a.floats(rows * columns);
  if (!a.ok()) return nullptr;
  float* scratch = a.scratch<float>(kernels().linear_scratch(depth, columns));
  if (scratch) kernels().linear(x, rows, depth, w, columns, transposed, bias, activation, y, scratch);
  return nullptr;
}

/** (rows, columns, activation, y, dy, dz|null, dbias|null): dz = dy * activation'(y), dbias its column sums */
napi_value linear_gradient(napi_env env, napi_callback_info info) {
  Args a(env, info, "linearGradient");
  const int64_t rows = a.size(), columns = a.size();
  const int activation = a.integer();
  const float* y = a.floats(rows * columns);
  const float* dy = a.floats(rows * columns);
  float* dz = a.optional_floats(rows * columns);
  float* dbias = a.optional_floats(columns);
  a.require(activation == 0 || dz || rows * columns == 0, "an activation needs room for dz");
  if (!a.ok()) return nullptr;
  float* scratch = a.scratch<float>(kernels().linear_gradient_scratch(rows, columns) + 1);
  if (scratch) kernels().linear_gradient(y, dy, rows, columns, activation, dz, dbias, scratch);
  return nullptr;
}

/** (rows, depth, columns, x, w, y): y [depth, columns] = x^T . w */
napi_value matmul_transposed(napi_env env, napi_callback_info info) {
  Args a(env, info, "matmulTransposed");
  const int64_t rows = a.size(), depth = a.size(), columns = a.size();
  const float* x = a.floats(rows * depth);
  const float* w = a.floats(rows * columns);
  float* y = a.floats(depth * columns);
  if (!a.ok()) return nullptr;
  float* scratch = a.scratch<float>(kernels().matmul_transposed_scratch(rows, depth, columns) + 1);
  if (scratch) kernels().matmul_transposed(x, rows, depth, w, columns, y, scratch);
  return nullptr;
}

}  // namespace

void define_products(napi_env env, napi_value exports) {
  define(env, exports, "sparseConv", sparse_conv);
  define(env, exports, "sparseConvWeightGradient", sparse_conv_weight_gradient);
  define(env, exports, "linear", linear);
  define(env, exports, "linearGradient", linear_gradient);
  define(env, exports, "matmulTransposed", matmul_transposed);
}

}  // namespace nerfseg
