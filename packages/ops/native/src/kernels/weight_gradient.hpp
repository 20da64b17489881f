// dw[tap] = sum over the tap's pairs of x[from]^T . dy[to], and the gradient of a dense layer's weights as the case of
// one tap that pairs row i with row i. A task owns a slice of dw for one segment of a tap's pairs; segments have a
// fixed length and are added in order, so the result does not depend on the number of threads.
#pragma once

static constexpr int kOuterRows = NERFSEG_OUTER_ROWS;
static constexpr int kChunk = 256;
static constexpr int64_t kSegment = 16384;
/** Rows of dw that one task computes. */
static constexpr int64_t kSlice = 64;

/** dw[0..M, column..] += sum over pairs of x[pair][0..M]^T . dy[pair]. */
template <int M, int N>
static __attribute__((noinline)) void outer_tile(const float* const* x, int64_t x_column, const float* const* dy,
                                                 int64_t column, int lanes, int count, float* dw, int64_t stride) {
  V c[M][N];
  NERFSEG_UNROLL
  for (int m = 0; m < M; m++) {
    NERFSEG_UNROLL
    for (int n = 0; n < N - 1; n++) c[m][n] = load(dw + m * stride + column + n * W);
    c[m][N - 1] = load_lanes(dw + m * stride + column + (N - 1) * W, lanes);
  }
  for (int p = 0; p < count; p++) {
    const float* a = x[p] + x_column;
    const float* d = dy[p] + column;
    V g[N];
    NERFSEG_UNROLL
    for (int n = 0; n < N - 1; n++) g[n] = load(d + n * W);
    g[N - 1] = load_lanes(d + (N - 1) * W, lanes);
    NERFSEG_UNROLL
    for (int m = 0; m < M; m++) {
      const V s = splat(a[m]);
      NERFSEG_UNROLL
      for (int n = 0; n < N; n++) c[m][n] += s * g[n];
    }
  }
  NERFSEG_UNROLL
  for (int m = 0; m < M; m++) {
    NERFSEG_UNROLL
    for (int n = 0; n < N - 1; n++) store(dw + m * stride + column + n * W, c[m][n]);
    store_lanes(dw + m * stride + column + (N - 1) * W, c[m][N - 1], lanes);
  }
}

using OuterFunction = void (*)(const float* const*, int64_t, const float* const*, int64_t, int, int, float*, int64_t);

template <int N, int M = kOuterRows>
struct OuterTable {
  static constexpr void fill(OuterFunction* table) {
    table[M] = outer_tile<M, N>;
    if constexpr (M > 1) OuterTable<N, M - 1>::fill(table);
  }
};
struct OuterFunctions {
  OuterFunction of[2][kOuterRows + 1];
  constexpr OuterFunctions() : of{} {
    OuterTable<1>::fill(of[0]);
    OuterTable<2>::fill(of[1]);
  }
};
static constexpr OuterFunctions outer_functions;

/** dw [depth, columns] (rows slice0..slice1 of it) = sum over pairs begin..end; null from, to: row p with row p. */
static inline void outer_segment(const int32_t* from, const int32_t* to, int64_t begin, int64_t end, const float* x,
                                 int64_t depth, const float* dy, int64_t columns, int64_t slice0, int64_t slice1,
                                 float* dw) {
  __builtin_memset(dw + slice0 * columns, 0, (slice1 - slice0) * columns * sizeof(float));
  const float* xs[kChunk];
  const float* dys[kChunk];
  for (int64_t p = begin; p < end; p += kChunk) {
    const int count = (int)least(kChunk, end - p);
    for (int j = 0; j < count; j++) {
      xs[j] = x + (from ? from[p + j] : p + j) * depth;
      dys[j] = dy + (to ? to[p + j] : p + j) * columns;
    }
    for (int64_t column = 0; column < columns; column += kPanel) {
      const int vectors = panel_vectors(column, columns);
      const int lanes = (int)least(W, columns - column - (vectors - 1) * W);
      for (int64_t i = slice0; i < slice1; i += kOuterRows) {
        const int rows = (int)least(kOuterRows, slice1 - i);
        outer_functions.of[vectors - 1][rows](xs, i, dys, column, lanes, count, dw + i * columns, columns);
      }
    }
  }
}

/** Pairs of each tap: tap t has bounds[t * stride] .. bounds[t * stride + stride - 1]. */
static int64_t weight_gradient_scratch(int64_t taps, const int32_t* bounds, int64_t stride, int64_t depth,
                                       int64_t columns) {
  int64_t extra = 0;
  for (int64_t t = 0; t < taps; t++)
    extra += most(0, ceil_div(bounds[t * stride + stride - 1] - bounds[t * stride], kSegment) - 1);
  return extra * depth * columns;
}

static void weight_gradient(int64_t taps, const int32_t* bounds, int64_t stride, const int32_t* from,
                            const int32_t* to, const float* x, int64_t depth, const float* dy, int64_t columns,
                            float* dw, float* scratch) {
  const int64_t size = depth * columns;
  const int64_t slices = ceil_div(depth, kSlice);
  // Work is found by walking the taps: their number is small next to what a task does.
  int64_t segments = 0;
  for (int64_t t = 0; t < taps; t++)
    segments += most(1, ceil_div(bounds[t * stride + stride - 1] - bounds[t * stride], kSegment));
  parallel(segments * slices, [&](int64_t task) {
    int64_t segment = task / slices;
    int64_t extra = 0;
    for (int64_t t = 0; t < taps; t++) {
      const int64_t begin = bounds[t * stride], end = bounds[t * stride + stride - 1];
      const int64_t own = most(1, ceil_div(end - begin, kSegment));
      if (segment >= own) {
        segment -= own;
        extra += own - 1;
        continue;
      }
      float* target = segment == 0 ? dw + t * size : scratch + (extra + segment - 1) * size;
      const int64_t first = begin + segment * kSegment;
      outer_segment(from, to, first, least(end, first + kSegment), x, depth, dy, columns, task % slices * kSlice,
                    least(depth, (task % slices + 1) * kSlice), target);
      return;
    }
  });
  const float* part = scratch;
  for (int64_t t = 0; t < taps; t++) {
    const int64_t parts = ceil_div(bounds[t * stride + stride - 1] - bounds[t * stride], kSegment) - 1;
    if (parts <= 0) continue;
    float* sum = dw + t * size;
    parallel_ranges(size, 16384, [&](int64_t i0, int64_t i1) {
      for (int64_t s = 0; s < parts; s++)
        for (int64_t i = i0; i < i1; i++) sum[i] += part[s * size + i];
    });
    part += parts * size;
  }
}
