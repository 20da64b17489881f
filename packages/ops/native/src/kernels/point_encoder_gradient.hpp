// The gradients of the point encoder (point_encoder.hpp), layer by layer from the last, whose rows count only where they were
// a maximum. What reaches a layer's norm is kept for all rows, as its hidden rows are.
#pragma once

/** Floats of one task's sums: the weights' gradient, the bias's, and those of the norm before them. */
static inline int64_t encoder_sums(const EncoderLayer& l) { return l.depth * l.columns + l.columns + 2 * l.depth; }

static int64_t encode_points_gradient_scratch(const PointEncoder& e) {
  int64_t packed = 0, parts = 0;
  for (int64_t i = 0; i < e.layers; i++) {
    const EncoderLayer& l = e.layer[i];
    packed = most(packed, packed_size(l.columns, l.depth) + 3 * whole_vectors(l.depth) + 4 * whole_vectors(l.columns));
    parts = most(parts, encoder_sums(l) * ceil_div(e.rows, encoder_piece(l.depth, l.columns)));
  }
  return packed + parts;
}

/** What the norm behind a layer lets through: dz = scale (g - mean_g - (z - mean) by), [4, whole_vectors(columns)]. */
static inline void norm_gradient_of(const PointEncoder& e, int64_t i, float* mean, float* scale, float* mean_g,
                                    float* by) {
  const EncoderLayer& next = e.layer[i + 1];
  for (int64_t j = 0; j < e.layer[i].columns; j++) {
    const float inverse = 1.0f / __builtin_sqrtf(next.variance[j] + e.epsilon);
    mean[j] = next.mean[j];
    scale[j] = inverse * next.gamma[j];
    mean_g[j] = next.dbeta[j] / (float)e.rows;
    by[j] = next.dgamma[j] / (float)e.rows * inverse;
  }
}

/** The gradient that reaches the layer's product, rows r .. r + count, to rows of whole vectors. */
static inline void product_gradient(const EncoderLayer& l, int64_t r, int count, const float* norm, const float* g,
                                    float* dz) {
  const int64_t columns = l.columns, stride = whole_vectors(columns);
  const float *mean = norm, *scale = mean + stride, *mean_g = scale + stride, *by = mean_g + stride;
  for (int k = 0; k < count; k++, dz += stride) {
    const float *hidden = l.hidden + (r + k) * columns, *reached = g + (r + k) * columns;
    for (int64_t j = 0; j < columns; j += W) {
      const int lanes = (int)least(W, columns - j);
      const V z = load_lanes(hidden + j, lanes) - load(mean + j);
      store(dz + j, load(scale + j) * (load_lanes(reached + j, lanes) - load(mean_g + j) - z * load(by + j)));
    }
  }
}

/**
 * The last layer's: of every segment and channel, the row that was the maximum; dbias: their sum. Returns how many rows have
 * any, and which (active, ascending).
 */
static inline int maxima_gradient(const PointEncoder& e, int64_t r0, int count, const float* dy, float* dz,
                                  float* dbias, int* active, int64_t* segment) {
  const int64_t columns = e.layer[e.layers - 1].columns, stride = whole_vectors(columns);
  __builtin_memset(dz, 0, (size_t)(count * stride) * sizeof(float));
  bool has[kGroup] = {};
  int64_t s = *segment;
  for (; s < e.segments && e.offsets[s] < r0 + count; s++) {
    for (int64_t j = 0; j < columns; j++) {
      const int64_t k = e.best[s * columns + j] - r0;
      if (k < 0 || k >= count) continue;
      dz[k * stride + j] = dy[s * columns + j];
      dbias[j] += dy[s * columns + j];
      has[k] = true;
    }
    if (e.offsets[s + 1] > r0 + count) break;
  }
  *segment = s;
  int n = 0;
  for (int k = 0; k < count; k++)
    if (has[k]) active[n++] = k;
  return n;
}

/** dw [depth, columns] += rows of h^T . rows of dz. */
static inline void add_products(const float* const* h, const float* const* dz, int count, int64_t depth,
                                int64_t columns, float* dw) {
  Outer o{};
  o.x_rows = h;
  o.dy_rows = dz;
  o.count = count;
  for (int64_t column = 0; column < columns; column += kPanel) {
    const int vectors = panel_vectors(column, columns);
    o.lanes = (int)least(W, columns - column - (vectors - 1) * W);
    o.dy_column = column;
    for (int64_t j = 0; j < depth; j += kOuterRows) {
      o.x_column = j;
      outer_functions.of[0][vectors - 1][least(kOuterRows, depth - j)](o, dw + j * columns + column, columns);
    }
  }
}

/** Of one layer: its parameters' gradients, and g [rows, depth], the gradient that reaches its norm (not for the first). */
static void encoder_layer_gradient(const PointEncoder& e, int64_t i, const float* dy, const float* behind, float* g,
                                   float* scratch) {
  const EncoderLayer& l = e.layer[i];
  const bool last = i + 1 == e.layers;
  const int64_t depth = l.depth, columns = l.columns, narrow = whole_vectors(depth), wide = whole_vectors(columns);
  const int64_t size = encoder_sums(l), piece = encoder_piece(depth, columns), pieces = ceil_div(e.rows, piece);
  float* packed = scratch;
  float* zeros = packed + packed_size(columns, depth);
  float* scale = zeros + narrow;
  float* shift = scale + narrow;
  float* norm = shift + narrow;
  float* parts = norm + 4 * wide;
  pack(l.w, columns, depth, true, packed);
  norm_of(l, e.epsilon, scale, shift);
  if (!last) norm_gradient_of(e, i, norm, norm + wide, norm + 2 * wide, norm + 3 * wide);
  pad_start(nullptr, depth, zeros);
  parallel_ranges(e.rows, piece, [&](int64_t r0, int64_t r1) {
    float* h = (float*)task_scratch((size_t)(kGroup * (2 * narrow + wide)) * sizeof(float));
    if (!h) return;
    float* dh = h + kGroup * narrow;
    float* dz = dh + kGroup * narrow;
    float* dw = parts + r0 / piece * size;
    // Stays zero where a batch norm follows, which takes the mean away.
    float* dbias = dw + depth * columns;
    float* sum_g = dbias + columns;
    float* sum_gh = sum_g + depth;
    __builtin_memset(dw, 0, (size_t)size * sizeof(float));
    int64_t segment = last ? least(e.segments, most(0, first_segment(e, r0 + 1) - 1)) : 0;
    for (int64_t r = r0; r < r1; r += kGroup) {
      const int count = (int)least(kGroup, r1 - r);
      int active[kGroup];
      int n = count;
      if (last) {
        n = maxima_gradient(e, r, count, dy, dz, dbias, active, &segment);
      } else {
        product_gradient(l, r, count, norm, behind, dz);
        for (int k = 0; k < count; k++) active[k] = k;
      }
      const float* from[kGroup];
      find_rows(e, i, r, count, from);
      normalise_rows(from, count, depth, scale, shift, i == 0 ? 1.0f : 0.0f, h);
      const float* h_rows[kGroup];
      const float* dz_rows[kGroup];
      float* dh_rows[kGroup];
      for (int k = 0; k < n; k++) {
        h_rows[k] = h + active[k] * narrow;
        dz_rows[k] = dz + active[k] * wide;
        dh_rows[k] = dh + active[k] * narrow;
      }
      add_products(h_rows, dz_rows, n, depth, columns, dw);
      Tile tile{};
      tile.depth = columns;
      tile.slope = 1.0f;
      if (n < count) __builtin_memset(dh, 0, (size_t)(count * narrow) * sizeof(float));
      multiply_group(tile, packed, depth, zeros, dz_rows, dh_rows, n);
      for (int64_t j = 0; j < depth; j += W) {
        const int lanes = (int)least(W, depth - j);
        const V m = load_lanes(l.mean + j, lanes);
        V sum = {}, product = {};
        for (int k = 0; k < count; k++) {
          V d = load_lanes(dh + k * narrow + j, lanes);
          if (i > 0) {
            d = load(h + k * narrow + j) > V{} ? d : V{};
            store_lanes(g + (r + k) * depth + j, d, lanes);
          }
          sum += d;
          product += d * (load_lanes(from[k] + j, lanes) - m);
        }
        store_lanes(sum_g + j, load_lanes(sum_g + j, lanes) + sum, lanes);
        store_lanes(sum_gh + j, load_lanes(sum_gh + j, lanes) + product, lanes);
      }
    }
  });
  parallel_ranges(size, 256, [&](int64_t k0, int64_t k1) {
    double sums[256] = {};
    for (int64_t p = 0; p < pieces; p++)
      for (int64_t k = k0; k < k1; k++) sums[k - k0] += parts[p * size + k];
    for (int64_t k = k0; k < k1; k++) {
      const float sum = (float)sums[k - k0];
      const int64_t behind_w = k - depth * columns;
      if (behind_w < 0)
        l.dw[k] = sum;
      else if (behind_w < columns)
        l.dbias[behind_w] = sum;
      else if (behind_w < columns + depth)
        l.dbeta[behind_w - columns] = sum;
      else
        l.dgamma[behind_w - columns - depth] =
            sum / __builtin_sqrtf(l.variance[behind_w - columns - depth] + e.epsilon);
    }
  });
}

/** gradients[i] [rows, depth of layer i]: room for what reaches layer i's norm; none for the first layer. */
static void encode_points_gradient(const PointEncoder& e, const float* dy, float* const* gradients, float* scratch) {
  for (int64_t i = e.layers - 1; i >= 0; i--)
    encoder_layer_gradient(e, i, dy, i + 1 < e.layers ? gradients[i + 1] : nullptr, gradients[i], scratch);
}
