// Weights in the order in which tiles read them: panels of kPanel columns (the last one of one or two vectors),
// depth by depth, missing columns zero.
#pragma once

/** Floats of one packed [depth, columns] matrix. */
static inline int64_t packed_size(int64_t depth, int64_t columns) { return depth * ceil_div(columns, W) * W; }

/** Packs columns column0..column1 (whole panels) of w [depth, columns], or of w [columns, depth] read transposed. */
static inline void pack_panels(const float* w, int64_t depth, int64_t columns, bool transposed, float* packed,
                               int64_t column0, int64_t column1) {
  for (int64_t column = column0; column < column1; column += kPanel) {
    const int width = panel_vectors(column, columns) * W;
    const int real = (int)least(width, columns - column);
    float* to = packed + column * depth;
    if (!transposed) {
      for (int64_t k = 0; k < depth; k++) {
        const float* from = w + k * columns + column;
        for (int j = 0; j < real; j++) to[k * width + j] = from[j];
        for (int j = real; j < width; j++) to[k * width + j] = 0;
      }
    } else {
      // Blocks of W x W keep both sides in the cache.
      for (int64_t k0 = 0; k0 < depth; k0 += W) {
        const int64_t k1 = least(depth, k0 + W);
        for (int j = 0; j < real; j++) {
          const float* from = w + (column + j) * depth;
          for (int64_t k = k0; k < k1; k++) to[k * width + j] = from[k];
        }
        for (int64_t k = k0; k < k1; k++)
          for (int j = real; j < width; j++) to[k * width + j] = 0;
      }
    }
  }
}

/** Start values of a product's columns, padded to whole vectors: a bias, or zeros. */
static inline void pad_start(const float* bias, int64_t columns, float* start) {
  for (int64_t j = 0; j < ceil_div(columns, W) * W; j++) start[j] = bias && j < columns ? bias[j] : 0;
}

static inline void pack(const float* w, int64_t depth, int64_t columns, bool transposed, float* packed) {
  pack_panels(w, depth, columns, transposed, packed, 0, columns);
}
