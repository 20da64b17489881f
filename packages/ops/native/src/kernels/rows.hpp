// Rows by index: gathered, interpolated, and added back. Adding needs no atomics: the entries are first sorted, stably
// and in parallel, into buckets of neighbouring target rows, and then each bucket is added by one task in order.
#pragma once

/** y[s] = sum over j < corners of weights[s, j] x[indices[s, j]]; weights null: 1. Index -1 adds nothing. */
static void gather_rows(const float* x, int64_t columns, const int32_t* indices, const float* weights,
                        int64_t corners, int64_t samples, float* y) {
  parallel_ranges(samples, most(1, 16384 / most(1, columns)), [&](int64_t s0, int64_t s1) {
    for (int64_t s = s0; s < s1; s++) {
      float* out = y + s * columns;
      if (corners == 1 && !weights) {
        if (indices[s] < 0)
          __builtin_memset(out, 0, columns * sizeof(float));
        else
          __builtin_memcpy(out, x + indices[s] * columns, columns * sizeof(float));
        continue;
      }
      for (int64_t j = 0; j < columns; j += W) {
        const int lanes = (int)least(W, columns - j);
        V sum = {};
        for (int64_t e = s * corners; e < (s + 1) * corners; e++)
          if (indices[e] >= 0) sum += load_lanes(x + indices[e] * columns + j, lanes) * (weights ? weights[e] : 1.0f);
        store_lanes(out + j, sum, lanes);
      }
    }
  });
}

static constexpr int64_t kBuckets = 128;
static constexpr int64_t kEntryPiece = 16384;

/** Ints of scratch for scatter_add. */
static int64_t scatter_scratch(int64_t entries) { return ceil_div(entries, kEntryPiece) * kBuckets + kBuckets + 1 + entries; }

/** dx[indices[e]] += weights[e] dy[e / corners], dx of `rows` rows. */
static void scatter_add(const float* dy, int64_t columns, const int32_t* indices, const float* weights,
                        int64_t corners, int64_t entries, int64_t rows, float* dx, int32_t* scratch) {
  const int64_t pieces = ceil_div(entries, kEntryPiece);
  const int64_t bucket_rows = most(1, ceil_div(rows, kBuckets));
  int32_t* counts = scratch;
  int32_t* bounds = counts + pieces * kBuckets;
  int32_t* sorted = bounds + kBuckets + 1;
  parallel_ranges(entries, kEntryPiece, [&](int64_t e0, int64_t e1) {
    int32_t* count = counts + e0 / kEntryPiece * kBuckets;
    __builtin_memset(count, 0, kBuckets * sizeof(int32_t));
    for (int64_t e = e0; e < e1; e++)
      if (indices[e] >= 0) count[indices[e] / bucket_rows]++;
  });
  int32_t total = 0;
  for (int64_t b = 0; b < kBuckets; b++) {
    bounds[b] = total;
    for (int64_t p = 0; p < pieces; p++) {
      const int32_t count = counts[p * kBuckets + b];
      counts[p * kBuckets + b] = total;
      total += count;
    }
  }
  bounds[kBuckets] = total;
  parallel_ranges(entries, kEntryPiece, [&](int64_t e0, int64_t e1) {
    int32_t* at = counts + e0 / kEntryPiece * kBuckets;
    for (int64_t e = e0; e < e1; e++)
      if (indices[e] >= 0) sorted[at[indices[e] / bucket_rows]++] = (int32_t)e;
  });
  parallel(kBuckets, [&](int64_t b) {
    const int64_t r0 = least(rows, b * bucket_rows), r1 = least(rows, r0 + bucket_rows);
    __builtin_memset(dx + r0 * columns, 0, (r1 - r0) * columns * sizeof(float));
    for (int32_t p = bounds[b]; p < bounds[b + 1]; p++) {
      const int64_t e = sorted[p];
      const float weight = weights ? weights[e] : 1.0f;
      float* out = dx + indices[e] * columns;
      const float* in = dy + e / corners * columns;
      for (int64_t j = 0; j < columns; j += W) {
        const int lanes = (int)least(W, columns - j);
        store_lanes(out + j, load_lanes(out + j, lanes) + load_lanes(in + j, lanes) * weight, lanes);
      }
    }
  });
}
