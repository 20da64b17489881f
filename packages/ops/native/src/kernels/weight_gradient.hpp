// dw[tap] = sum over the tap's pairs of x[from]^T . dy[to], and the gradient of a dense layer's weights as the case of
// one tap that pairs row i with row i. A task owns a slice of dw for one segment of a tap's pairs; segments have a
// fixed length and are added in order, so the result does not depend on the number of threads.
#pragma once

/** With two vectors a row: enough sums that none waits for the one before it, as many as registers hold. */
static constexpr int kOuterRows = NERFSEG_OUTER_ROWS;
static constexpr int kChunk = 256;
static constexpr int64_t kSegment = 16384;

/** What a tile reads: packed panels, or (few channels) the rows themselves. */
struct Outer {
  const float* x;
  const float* dy;
  const float* const* x_rows;
  const float* const* dy_rows;
  int64_t x_column, dy_column;
  int count;
  /** Columns of the last vector. */
  int lanes;
  /** The first tile of a chunk fetches the rows ahead of the pair at hand. */
  bool ahead;
};

/** dw[0..M, 0..] += sum over pairs of x[pair][0..M]^T . dy[pair]. */
template <int M, int N, bool Packed>
static __attribute__((noinline)) void outer_tile(const Outer& o, float* dw, int64_t stride) {
  constexpr int kAhead = 12;
  V c[M][N];
  const int lanes = o.lanes, count = o.count;
  NERFSEG_UNROLL
  for (int m = 0; m < M; m++) {
    NERFSEG_UNROLL
    for (int n = 0; n < N - 1; n++) c[m][n] = load(dw + m * stride + n * W);
    c[m][N - 1] = load_lanes(dw + m * stride + (N - 1) * W, lanes);
  }
  const float* x = o.x;
  const float* dy = o.dy;
  for (int p = 0; p < count; p++) {
    V g[N];
    if (!Packed) {
      if (o.ahead && p + kAhead < count) {
        __builtin_prefetch(o.x_rows[p + kAhead]);
        __builtin_prefetch(o.x_rows[p + kAhead] + 16);
        __builtin_prefetch(o.dy_rows[p + kAhead]);
        __builtin_prefetch(o.dy_rows[p + kAhead] + 16);
      }
      x = o.x_rows[p] + o.x_column;
      dy = o.dy_rows[p] + o.dy_column;
    }
    NERFSEG_UNROLL
    for (int n = 0; n < N - 1; n++) g[n] = load(dy + n * W);
    g[N - 1] = Packed ? load(dy + (N - 1) * W) : load_lanes(dy + (N - 1) * W, lanes);
    NERFSEG_UNROLL
    for (int m = 0; m < M; m++) {
      const V s = splat(x[m]);
      NERFSEG_UNROLL
      for (int n = 0; n < N; n++) c[m][n] += s * g[n];
    }
    x += M;
    dy += N * W;
  }
  NERFSEG_UNROLL
  for (int m = 0; m < M; m++) {
    NERFSEG_UNROLL
    for (int n = 0; n < N - 1; n++) store(dw + m * stride + n * W, c[m][n]);
    store_lanes(dw + m * stride + (N - 1) * W, c[m][N - 1], lanes);
  }
}

using OuterFunction = void (*)(const Outer&, float*, int64_t);

template <int N, bool Packed, int M = kOuterRows>
struct OuterTable {
  static constexpr void fill(OuterFunction* table) {
    table[M] = outer_tile<M, N, Packed>;
    if constexpr (M > 1) OuterTable<N, Packed, M - 1>::fill(table);
  }
};
struct OuterFunctions {
  /** [packed][vectors - 1][rows] */
  OuterFunction of[2][2][kOuterRows + 1];
  constexpr OuterFunctions() : of{} {
    OuterTable<1, false>::fill(of[0][0]);
    OuterTable<2, false>::fill(of[0][1]);
    OuterTable<1, true>::fill(of[1][0]);
    OuterTable<2, true>::fill(of[1][1]);
  }
};
static constexpr OuterFunctions outer_functions;

/**
 * Packs columns begin..end of `count` rows into panels of Width columns, row by row within a panel; the last panel is
 * as wide as what is left, rounded up to `round` with zeros. Rows lie anywhere: they are fetched some rows ahead.
 */
template <int Width>
static inline void pack_rows(const float* const* rows, int count, int64_t begin, int64_t end, int round,
                             float* packed) {
  constexpr int kAhead = 6;
  const int64_t whole = (end - begin) / Width * Width;
  const int rest = (int)(end - begin - whole);
  const int padded = (rest + round - 1) / round * round;
  for (int p = 0; p < count; p++) {
    if (p + kAhead < count)
      for (int64_t i = begin; i < end; i += 16) __builtin_prefetch(rows[p + kAhead] + i);
    const float* row = rows[p] + begin;
    for (int64_t i = 0; i < whole; i += Width)
      __builtin_memcpy(packed + i * count + p * Width, row + i, Width * sizeof(float));
    float* last = packed + whole * count + p * padded;
    for (int m = 0; m < rest; m++) last[m] = row[whole + m];
    for (int m = rest; m < padded; m++) last[m] = 0;
  }
}

/**
 * Rows a power of two apart fall on a few sets of the first-level cache and evict one another, so wide ones are packed;
 * narrow ones are read where they are, since packing them would cost as much as using them.
 */
static inline bool packs(int64_t slice, int64_t columns) { return slice * columns >= 1024; }

/** Pairs at a time: packed, both sides stay in the second-level cache; else in the first. */
static inline int64_t chunk_pairs(int64_t slice, int64_t columns) {
  const int64_t floats = packs(slice, columns) ? 65536 : 10240;
  return most(32, least(kChunk, floats / most(1, slice + columns)));
}

/** dw [depth, columns] (rows slice0..slice1 of it) = sum over pairs begin..end; null from, to: row p with row p. */
static inline void outer_segment(const int32_t* from, const int32_t* to, int64_t begin, int64_t end, const float* x,
                                 int64_t depth, const float* dy, int64_t columns, int64_t slice0, int64_t slice1,
                                 float* dw) {
  const int64_t slice = slice1 - slice0;
  __builtin_memset(dw + slice0 * columns, 0, slice * columns * sizeof(float));
  const bool packed = packs(slice, columns);
  const int64_t chunk = chunk_pairs(slice, columns);
  float* x_packed = nullptr;
  float* dy_packed = nullptr;
  if (packed) {
    const int64_t x_size = ceil_div(chunk * slice, 16) * 16;
    x_packed = (float*)task_scratch((size_t)(x_size + chunk * ceil_div(columns, W) * W) * sizeof(float));
    if (!x_packed) return;
    dy_packed = x_packed + x_size;
  }
  const float* xs[kChunk];
  const float* dys[kChunk];
  Outer o{};
  o.x_rows = xs;
  o.dy_rows = dys;
  for (int64_t p = begin; p < end; p += chunk) {
    o.count = (int)least(chunk, end - p);
    for (int j = 0; j < o.count; j++) {
      xs[j] = x + (from ? from[p + j] : p + j) * depth;
      dys[j] = dy + (to ? to[p + j] : p + j) * columns;
    }
    if (packed) {
      pack_rows<kOuterRows>(xs, o.count, slice0, slice1, 1, x_packed);
      pack_rows<kPanel>(dys, o.count, 0, columns, W, dy_packed);
    }
    o.ahead = true;
    for (int64_t column = 0; column < columns; column += kPanel) {
      const int vectors = panel_vectors(column, columns);
      o.lanes = (int)least(W, columns - column - (vectors - 1) * W);
      o.dy = dy_packed + column * o.count;
      o.dy_column = column;
      for (int64_t i = slice0, tiles = ceil_div(slice, kOuterRows); i < slice1; tiles--) {
        // Panels have one width; what lies in place is shared out evenly: small tiles wait for their own sums.
        const int rows = (int)(packed ? least(kOuterRows, slice1 - i) : ceil_div(slice1 - i, tiles));
        o.x = x_packed + (i - slice0) * o.count;
        o.x_column = i;
        outer_functions.of[packed][vectors - 1][rows](o, dw + i * columns + column, columns);
        o.ahead = false;
        i += rows;
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
  // Work is found by walking the taps: their number is small next to what a task does.
  int64_t segments = 0;
  for (int64_t t = 0; t < taps; t++)
    segments += most(1, ceil_div(bounds[t * stride + stride - 1] - bounds[t * stride], kSegment));
  // Slices of dw's rows, where segments alone are too few to keep the threads busy; they do not change any sum.
  const int64_t slice = most(kOuterRows * 4, ceil_div(ceil_div(depth, ceil_div(4 * thread_count(), segments)), 8) * 8);
  const int64_t slices = ceil_div(depth, slice);
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
      outer_segment(from, to, first, least(end, first + kSegment), x, depth, dy, columns, task % slices * slice,
                    least(depth, (task % slices + 1) * slice), target);
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
