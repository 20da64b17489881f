// Elementwise operations, reductions, layout.
#include "args.hpp"

namespace nerfseg {
namespace {

/** (op, count, a, b, x, y) */
napi_value unary(napi_env env, napi_callback_info info) {
  Args a(env, info, "unary");
  const int op = a.integer();
  const int64_t count = a.size();
  const float p = static_cast<float>(a.number()), q = static_cast<float>(a.number());
  const float* x = a.floats(count);
  float* y = a.floats(count);
  if (a.ok()) kernels().unary(op, x, count, p, q, y);
  return nullptr;
}

Operand read_operand(Args& a, int64_t outer, int64_t inner) {
  Operand o{};
  o.outer = a.size();
  o.inner = a.integer() != 0;
  const int64_t last = outer > 0 && inner > 0 ? (outer - 1) * o.outer + (inner - 1) * o.inner + 1 : 0;
  o.data = a.floats(last);
  return o;
}

/** (op, outer, inner, (outerStride, innerStride, data) x2, y) */
napi_value binary(napi_env env, napi_callback_info info) {
  Args a(env, info, "binary");
  const int op = a.integer();
  const int64_t outer = a.size(), inner = a.size();
  const Operand p = read_operand(a, outer, inner);
  const Operand q = read_operand(a, outer, inner);
  float* y = a.floats(outer * inner);
  if (a.ok()) kernels().binary(op, p, q, outer, inner, y);
  return nullptr;
}

/** (op, count, scalar, a, b, y) */
napi_value compare(napi_env env, napi_callback_info info) {
  Args a(env, info, "compare");
  const int op = a.integer();
  const int64_t count = a.size();
  const bool scalar = a.flag();
  const float* p = a.floats(count);
  const float* q = a.floats(scalar ? 1 : count);
  uint8_t* y = a.bytes(count);
  if (a.ok()) kernels().compare(op, p, q, scalar, count, y);
  return nullptr;
}

/** (count, condition, a, b, y) */
napi_value select_values(napi_env env, napi_callback_info info) {
  Args a(env, info, "select");
  const int64_t count = a.size();
  const uint8_t* condition = a.bytes(count);
  const float* p = a.floats(count);
  const float* q = a.floats(count);
  float* y = a.floats(count);
  if (a.ok()) kernels().select(condition, p, q, count, y);
  return nullptr;
}

/** (n, count, y, x0, x1, ...) with n up to 16 */
napi_value add_all(napi_env env, napi_callback_info info) {
  Args a(env, info, "addAll");
  const int64_t n = a.size(), count = a.size();
  float* y = a.floats(count);
  const float* x[16];
  a.require(n >= 1 && n <= 16, "1 to 16 terms");
  for (int64_t i = 0; i < n && a.ok(); i++) x[i] = a.floats(count);
  if (a.ok()) kernels().add_all(x, n, count, y);
  return nullptr;
}

/** (op, outer, inner, overOuter, scale, x, y) */
napi_value reduce(napi_env env, napi_callback_info info) {
  Args a(env, info, "reduce");
  const int op = a.integer();
  const int64_t outer = a.size(), inner = a.size();
  const bool over_outer = a.flag();
  const float scale = static_cast<float>(a.number());
  const float* x = a.floats(outer * inner);
  float* y = a.floats(over_outer ? inner : outer);
  a.require(outer > 0 && inner > 0, "nothing to reduce");
  if (!a.ok()) return nullptr;
  float* scratch = a.scratch<float>(kernels().reduce_scratch(outer, inner));
  if (!scratch) return nullptr;
  if (over_outer)
    kernels().reduce_outer(op, x, outer, inner, scale, y, scratch);
  else
    kernels().reduce_inner(op, x, outer, inner, scale, y, scratch);
  return nullptr;
}

/** (rows, columns, logarithm, x, y) */
napi_value softmax(napi_env env, napi_callback_info info) {
  Args a(env, info, "softmax");
  const int64_t rows = a.size(), columns = a.size();
  const bool logarithm = a.flag();
  const float* x = a.floats(rows * columns);
  float* y = a.floats(rows * columns);
  a.require(columns > 0, "no columns");
  if (a.ok()) kernels().softmax(x, rows, columns, logarithm, y);
  return nullptr;
}

/** (rows, columns, x, y) */
napi_value argmax(napi_env env, napi_callback_info info) {
  Args a(env, info, "argMax");
  const int64_t rows = a.size(), columns = a.size();
  const float* x = a.floats(rows * columns);
  int32_t* y = a.ints(rows);
  if (a.ok()) kernels().argmax(x, rows, columns, y);
  return nullptr;
}

/** (rows, columns, x, y) */
napi_value transpose(napi_env env, napi_callback_info info) {
  Args a(env, info, "transpose");
  const int64_t rows = a.size(), columns = a.size();
  const float* x = a.floats(rows * columns);
  float* y = a.floats(rows * columns);
  if (a.ok()) kernels().transpose(x, rows, columns, y);
  return nullptr;
}

/** (count, width, xOffset, xStride, yOffset, yStride, x, y) */
napi_value copy_runs(napi_env env, napi_callback_info info) {
  Args a(env, info, "copyRuns");
  const int64_t count = a.size(), width = a.size();
  const int64_t x_offset = a.size(), x_stride = a.size(), y_offset = a.size(), y_stride = a.size();
  const int64_t last = count > 0 ? count - 1 : 0;
  const int64_t need = count > 0 && width > 0 ? width : 0;
  const float* x = a.floats(need ? x_offset + last * x_stride + need : 0);
  float* y = a.floats(need ? y_offset + last * y_stride + need : 0);
  if (a.ok() && need) kernels().copy_runs(x + x_offset, x_stride, y + y_offset, y_stride, count, width);
  return nullptr;
}

}  // namespace

void define_elementwise(napi_env env, napi_value exports) {
  define(env, exports, "unary", unary);
  define(env, exports, "binary", binary);
  define(env, exports, "compare", compare);
  define(env, exports, "select", select_values);
  define(env, exports, "addAll", add_all);
  define(env, exports, "reduce", reduce);
  define(env, exports, "softmax", softmax);
  define(env, exports, "argMax", argmax);
  define(env, exports, "transpose", transpose);
  define(env, exports, "copyRuns", copy_runs);
}

}  // namespace nerfseg
