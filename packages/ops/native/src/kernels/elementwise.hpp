// Elementwise operations. Operands are seen as [outer, inner] with a stride of 0 along what they broadcast.
#pragma once

enum Unary : int {
  kNegate, kAbsolute, kReluUnary, kRelu6, kLeakyUnary, kSigmoidUnary, kExp, kLog, kSqrt, kRsqrt, kSquare, kReciprocal,
  kSoftplus, kClip, kUnaryCount
};
enum Binary : int { kAdd, kSubtract, kMultiply, kDivide, kMaximum, kMinimum, kSquaredDifference, kBinaryCount };
enum Compare : int { kGreater, kGreaterEqual, kLess, kLessEqual, kEqual, kNotEqual, kCompareCount };

static constexpr int64_t kElementPiece = 16384;

static inline V vsqrt(V x) {
  for (int k = 0; k < W; k++) x[k] = __builtin_sqrtf(x[k]);
  return x;
}

template <class Function>
static inline void map_unary(const float* x, int64_t count, float* y, Function f) {
  parallel_ranges(count, kElementPiece, [&](int64_t i0, int64_t i1) {
    int64_t i = i0;
    for (; i + W <= i1; i += W) store(y + i, f(load(x + i)));
    if (i < i1) store_part(y + i, f(load_part(x + i, (int)(i1 - i))), (int)(i1 - i));
  });
}

static void unary(int op, const float* x, int64_t count, float a, float b, float* y) {
  switch (op) {
    case kNegate: return map_unary(x, count, y, [](V v) { return -v; });
    case kAbsolute: return map_unary(x, count, y, [](V v) { return as_float(as_int(v) & 0x7fffffff); });
    case kReluUnary: return map_unary(x, count, y, [](V v) { return v < V{} ? V{} : v; });
    case kRelu6: return map_unary(x, count, y, [](V v) { return v < V{} ? V{} : v > splat(6) ? splat(6) : v; });
    case kLeakyUnary: return map_unary(x, count, y, [a](V v) { return leaky(v, a); });
    case kSigmoidUnary: return map_unary(x, count, y, [](V v) { return vsigmoid(v); });
    case kExp: return map_unary(x, count, y, [](V v) { return vexp(v); });
    case kLog: return map_unary(x, count, y, [](V v) { return vlog(v); });
    case kSqrt: return map_unary(x, count, y, [](V v) { return vsqrt(v); });
    case kRsqrt: return map_unary(x, count, y, [](V v) { return 1.0f / vsqrt(v); });
    case kSquare: return map_unary(x, count, y, [](V v) { return v * v; });
    case kReciprocal: return map_unary(x, count, y, [](V v) { return 1.0f / v; });
    case kSoftplus:
      // log(1 + e^x): x itself where e^-x no longer counts; where e^x is small, times what rounding 1 + e^x took from it.
      return map_unary(x, count, y, [](V v) {
        const V e = vexp(v), u = 1.0f + e;
        return v > splat(15) ? v : u == splat(1) ? e : vlog(u) * (e / (u - 1.0f));
      });
    default:
      return map_unary(x, count, y, [a, b](V v) {
        v = v < splat(a) ? splat(a) : v;
        return v > splat(b) ? splat(b) : v;
      });
  }
}

template <bool FullA, bool FullB, class Function>
static inline void map_row(const float* a, const float* b, int64_t count, float* y, Function f) {
  int64_t i = 0;
  const V sa = FullA ? V{} : splat(*a), sb = FullB ? V{} : splat(*b);
  for (; i + W <= count; i += W) store(y + i, f(FullA ? load(a + i) : sa, FullB ? load(b + i) : sb));
  if (i < count) {
    const int lanes = (int)(count - i);
    store_part(y + i, f(FullA ? load_part(a + i, lanes) : sa, FullB ? load_part(b + i, lanes) : sb), lanes);
  }
}

template <class Function>
static inline void map_binary(const Operand& a, const Operand& b, int64_t outer, int64_t inner, float* y, Function f) {
  const auto row = [&](const float* pa, const float* pb, int64_t count, float* out) {
    if (a.inner && b.inner) return map_row<true, true>(pa, pb, count, out, f);
    if (a.inner) return map_row<true, false>(pa, pb, count, out, f);
    if (b.inner) return map_row<false, true>(pa, pb, count, out, f);
    return map_row<false, false>(pa, pb, count, out, f);
  };
  if (outer == 1) {
    return parallel_ranges(inner, kElementPiece, [&](int64_t i0, int64_t i1) {
      row(a.data + i0 * a.inner, b.data + i0 * b.inner, i1 - i0, y + i0);
    });
  }
  parallel_ranges(outer, most(1, kElementPiece / most(1, inner)), [&](int64_t o0, int64_t o1) {
    for (int64_t o = o0; o < o1; o++) row(a.data + o * a.outer, b.data + o * b.outer, inner, y + o * inner);
  });
}

static void binary(int op, const Operand& a, const Operand& b, int64_t outer, int64_t inner, float* y) {
  switch (op) {
    case kAdd: return map_binary(a, b, outer, inner, y, [](V p, V q) { return p + q; });
    case kSubtract: return map_binary(a, b, outer, inner, y, [](V p, V q) { return p - q; });
    case kMultiply: return map_binary(a, b, outer, inner, y, [](V p, V q) { return p * q; });
    case kDivide: return map_binary(a, b, outer, inner, y, [](V p, V q) { return p / q; });
    // A NaN on either side comes through, as with Math.max.
    case kMaximum: return map_binary(a, b, outer, inner, y, [](V p, V q) { return p != p ? p : p > q ? p : q; });
    case kMinimum: return map_binary(a, b, outer, inner, y, [](V p, V q) { return p != p ? p : p < q ? p : q; });
    default: return map_binary(a, b, outer, inner, y, [](V p, V q) { return (p - q) * (p - q); });
  }
}

template <class Function>
static inline void map_compare(const float* a, const float* b, bool scalar, int64_t count, uint8_t* y, Function f) {
  parallel_ranges(count, kElementPiece, [&](int64_t i0, int64_t i1) {
    if (scalar) {
      const float q = *b;
      for (int64_t i = i0; i < i1; i++) y[i] = f(a[i], q);
    } else {
      for (int64_t i = i0; i < i1; i++) y[i] = f(a[i], b[i]);
    }
  });
}

static void compare(int op, const float* a, const float* b, bool scalar, int64_t count, uint8_t* y) {
  switch (op) {
    case kGreater: return map_compare(a, b, scalar, count, y, [](float p, float q) { return p > q; });
    case kGreaterEqual: return map_compare(a, b, scalar, count, y, [](float p, float q) { return p >= q; });
    case kLess: return map_compare(a, b, scalar, count, y, [](float p, float q) { return p < q; });
    case kLessEqual: return map_compare(a, b, scalar, count, y, [](float p, float q) { return p <= q; });
    case kEqual: return map_compare(a, b, scalar, count, y, [](float p, float q) { return p == q; });
    default: return map_compare(a, b, scalar, count, y, [](float p, float q) { return p != q; });
  }
}

static void select(const uint8_t* condition, const float* a, const float* b, int64_t count, float* y) {
  parallel_ranges(count, kElementPiece, [&](int64_t i0, int64_t i1) {
    for (int64_t i = i0; i < i1; i++) y[i] = condition[i] ? a[i] : b[i];
  });
}

/** y = sum of n arrays. */
static void add_all(const float* const* x, int64_t n, int64_t count, float* y) {
  parallel_ranges(count, kElementPiece, [&](int64_t i0, int64_t i1) {
    for (int64_t i = i0; i < i1; i += W) {
      const int lanes = (int)least(W, i1 - i);
      V sum = load_lanes(x[0] + i, lanes);
      for (int64_t k = 1; k < n; k++) sum += load_lanes(x[k] + i, lanes);
      store_lanes(y + i, sum, lanes);
    }
  });
}
