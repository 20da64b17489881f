// Reductions of [outer, inner] over either axis, softmax, and argmax. Long sums are made in fixed pieces.
#pragma once

enum Reduction : int { kSum, kMax, kMin };

static constexpr int64_t kSumPiece = 65536;

static int64_t reduce_scratch(int64_t outer, int64_t inner) {
  return most(ceil_div(inner, kSumPiece), ceil_div(outer, most(1, 32768 / most(1, inner))) * inner) + 1;
}

static inline V join(int op, V a, V b) {
  // NaN comes through.
  return op == kSum ? a + b : op == kMax ? (a != a ? a : a > b ? a : b) : (a != a ? a : a < b ? a : b);
}
static inline float join(int op, float a, float b) {
  return op == kSum ? a + b : op == kMax ? (a != a ? a : a > b ? a : b) : (a != a ? a : a < b ? a : b);
}

static inline float reduce_run(int op, const float* x, int64_t count) {
  const float none = op == kSum ? 0 : op == kMax ? -__builtin_inff() : __builtin_inff();
  V a = splat(none), b = a;
  int64_t i = 0;
  for (; i + 2 * W <= count; i += 2 * W) {
    a = join(op, a, load(x + i));
    b = join(op, b, load(x + i + W));
  }
  a = join(op, a, b);
  float r = none;
  for (; i < count; i++) r = join(op, r, x[i]);
  for (int k = 0; k < W; k++) r = join(op, r, a[k]);
  return r;
}

/** y [outer]: over the inner axis, times `scale`. */
static void reduce_inner(int op, const float* x, int64_t outer, int64_t inner, float scale, float* y, float* scratch) {
  if (inner <= kSumPiece) {
    return parallel_ranges(outer, most(1, kSumPiece / most(1, inner)), [&](int64_t o0, int64_t o1) {
      for (int64_t o = o0; o < o1; o++) y[o] = reduce_run(op, x + o * inner, inner) * scale;
    });
  }
  for (int64_t o = 0; o < outer; o++) {
    parallel_ranges(inner, kSumPiece, [&](int64_t i0, int64_t i1) {
      scratch[i0 / kSumPiece] = reduce_run(op, x + o * inner + i0, i1 - i0);
    });
    double sum = 0;
    float best = scratch[0];
    for (int64_t p = 0; p < ceil_div(inner, kSumPiece); p++) {
      sum += scratch[p];
      best = join(op, best, scratch[p]);
    }
    y[o] = (op == kSum ? (float)sum : best) * scale;
  }
}

/** y [inner]: over the outer axis, times `scale`. */
static void reduce_outer(int op, const float* x, int64_t outer, int64_t inner, float scale, float* y, float* scratch) {
  const int64_t piece = most(1, 32768 / most(1, inner));
  parallel_ranges(outer, piece, [&](int64_t o0, int64_t o1) {
    float* part = scratch + o0 / piece * inner;
    for (int64_t j = 0; j < inner; j += W) {
      const int lanes = (int)least(W, inner - j);
      V a = load_lanes(x + o0 * inner + j, lanes);
      for (int64_t o = o0 + 1; o < o1; o++) a = join(op, a, load_lanes(x + o * inner + j, lanes));
      store_lanes(part + j, a, lanes);
    }
  });
  const int64_t parts = ceil_div(outer, piece);
  for (int64_t j = 0; j < inner; j++) {
    double sum = 0;
    float best = scratch[j];
    for (int64_t p = 0; p < parts; p++) {
      sum += scratch[p * inner + j];
      best = join(op, best, scratch[p * inner + j]);
    }
    y[j] = (op == kSum ? (float)sum : best) * scale;
  }
}

/** Softmax of every row, or its logarithm. */
static void softmax(const float* x, int64_t rows, int64_t columns, bool logarithm, float* y) {
  parallel_ranges(rows, most(1, 16384 / most(1, columns)), [&](int64_t r0, int64_t r1) {
    for (int64_t r = r0; r < r1; r++) {
      const float* in = x + r * columns;
      float* out = y + r * columns;
      const float shift = row_max(in, columns);
      const float total = row_exp(in, columns, shift, logarithm ? nullptr : out);
      const float log_total = logarithm ? vlog(splat(total))[0] : 0;
      for (int64_t j = 0; j < columns; j += W) {
        const int lanes = (int)least(W, columns - j);
        store_lanes(out + j, logarithm ? load_lanes(in + j, lanes) - shift - log_total : load_lanes(out + j, lanes) / total,
                    lanes);
      }
    }
  });
}

/** Column of each row's first largest value. */
static void argmax(const float* x, int64_t rows, int64_t columns, int32_t* y) {
  parallel_ranges(rows, most(1, 16384 / most(1, columns)), [&](int64_t r0, int64_t r1) {
    for (int64_t r = r0; r < r1; r++) {
      int32_t best = 0;
      for (int64_t j = 1; j < columns; j++)
        if (x[r * columns + j] > x[r * columns + best]) best = (int32_t)j;
      y[r] = best;
    }
  });
}
