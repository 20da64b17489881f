// Sparse convolution as a fused gather-GEMM. The pairs of every tap are sorted by output row; a task owns a block of
// output rows, which stay in its cache while it goes tap after tap. No output row is shared, so there are no atomics,
// and the order of every sum is fixed by the map alone: the result does not depend on the number of threads.
#pragma once

static void sparse_conv(const PairList& pairs, const float* x, int64_t depth, const float* w, int64_t columns,
                        bool transposed, const float* bias, float* y, float* packed) {
  const int64_t size = packed_size(depth, columns);
  parallel(pairs.taps, [&](int64_t t) {
    if (pairs.offsets[t * (pairs.blocks + 1)] != pairs.offsets[t * (pairs.blocks + 1) + pairs.blocks])
      pack(w + t * depth * columns, depth, columns, transposed, packed + t * size);
  });
  float* start = packed + pairs.taps * size;
  pad_start(bias, columns, start);
  parallel(pairs.blocks, [&](int64_t block) {
    const int64_t row0 = block * pairs.block_rows;
    const int64_t row1 = least(pairs.rows, row0 + pairs.block_rows);
    Tile tile{};
    tile.depth = depth;
    tile.slope = 1;
    const float* rows[kGroup];
    float* out[kGroup];
    // A tap that reaches every row (a submanifold kernel's centre) goes first and writes instead of adding.
    const int64_t first = pairs.full_tap;
    if (first < 0)
      for (int64_t r = row0; r < row1; r++) __builtin_memcpy(y + r * columns, start, columns * sizeof(float));
    for (int64_t i = first < 0 ? 0 : -1; i < pairs.taps; i++) {
      if (i == first && i >= 0) continue;
      const int64_t t = i < 0 ? first : i;
      const int32_t* bounds = pairs.offsets + t * (pairs.blocks + 1) + block;
      for (int64_t p = bounds[0]; p < bounds[1]; p += kGroup) {
        const int count = (int)least(kGroup, bounds[1] - p);
        for (int j = 0; j < count; j++) {
          rows[j] = x + (int64_t)pairs.from[p + j] * depth;
          out[j] = y + (int64_t)pairs.to[p + j] * columns;
        }
        multiply_group(tile, packed + t * size, columns, i < 0 ? start : nullptr, rows, out, count);
      }
    }
  });
}

/** Floats of scratch that sparse_conv needs. */
static int64_t sparse_conv_scratch(int64_t taps, int64_t depth, int64_t columns) {
  return taps * packed_size(depth, columns) + ceil_div(columns, W) * W;
}
