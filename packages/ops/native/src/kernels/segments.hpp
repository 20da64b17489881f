// Maximum and mean over the rows of each segment, and their gradients.
#pragma once

static constexpr int64_t kSegmentPiece = 256;

static void segment_max(const Segments& s, const float* x, float* y) {
  const int64_t columns = s.columns;
  parallel_ranges(s.count, kSegmentPiece, [&](int64_t s0, int64_t s1) {
    for (int64_t i = s0; i < s1; i++) {
      const int64_t begin = s.offsets[i], end = s.offsets[i + 1];
      for (int64_t j = 0; j < columns; j += W) {
        const int lanes = (int)least(W, columns - j);
        V m = {};
        if (begin < end) m = load_lanes(x + s.order[begin] * columns + j, lanes);
        for (int64_t p = begin + 1; p < end; p++) m = vmax(load_lanes(x + s.order[p] * columns + j, lanes), m);
        store_lanes(y + i * columns + j, m, lanes);
      }
    }
  });
}

static inline void clear_unused_rows(const Segments& s, float* dx) {
  parallel_ranges(s.rows, 4096, [&](int64_t r0, int64_t r1) {
    for (int64_t r = r0; r < r1; r++)
      if (s.segment_of[r] < 0) __builtin_memset(dx + r * s.columns, 0, s.columns * sizeof(float));
  });
}

/** The gradient goes to the first row that attains the maximum. */
static void segment_max_gradient(const Segments& s, const float* x, const float* y, const float* dy, float* dx) {
  const int64_t columns = s.columns;
  clear_unused_rows(s, dx);
  parallel_ranges(s.count, kSegmentPiece, [&](int64_t s0, int64_t s1) {
    for (int64_t i = s0; i < s1; i++) {
      for (int64_t j = 0; j < columns; j += W) {
        const int lanes = (int)least(W, columns - j);
        const V m = load_lanes(y + i * columns + j, lanes);
        V left = load_lanes(dy + i * columns + j, lanes);
        for (int64_t p = s.offsets[i]; p < s.offsets[i + 1]; p++) {
          const int64_t r = s.order[p];
          const VI hit = load_lanes(x + r * columns + j, lanes) == m;
          store_lanes(dx + r * columns + j, hit ? left : V{}, lanes);
          left = hit ? V{} : left;
        }
      }
    }
  });
}

static void segment_mean(const Segments& s, const float* x, float* y) {
  const int64_t columns = s.columns;
  parallel_ranges(s.count, kSegmentPiece, [&](int64_t s0, int64_t s1) {
    for (int64_t i = s0; i < s1; i++) {
      const int64_t begin = s.offsets[i], end = s.offsets[i + 1];
      const float inverse = begin < end ? 1.0f / (float)(end - begin) : 0;
      for (int64_t j = 0; j < columns; j += W) {
        const int lanes = (int)least(W, columns - j);
        V sum = {};
        for (int64_t p = begin; p < end; p++) sum += load_lanes(x + s.order[p] * columns + j, lanes);
        store_lanes(y + i * columns + j, sum * inverse, lanes);
      }
    }
  });
}

static void segment_mean_gradient(const Segments& s, const float* dy, float* dx) {
  const int64_t columns = s.columns;
  parallel_ranges(s.rows, 1024, [&](int64_t r0, int64_t r1) {
    for (int64_t r = r0; r < r1; r++) {
      const int32_t i = s.segment_of[r];
      const float inverse = i < 0 ? 0 : 1.0f / (float)(s.offsets[i + 1] - s.offsets[i]);
      for (int64_t j = 0; j < columns; j += W) {
        const int lanes = (int)least(W, columns - j);
        store_lanes(dx + r * columns + j, i < 0 ? V{} : load_lanes(dy + i * columns + j, lanes) * inverse, lanes);
      }
    }
  });
}
