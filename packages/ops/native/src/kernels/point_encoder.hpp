// Cylinder3D's point encoder in one pass over the points for each layer: rows of all points are the widest tensors of a
// network, and what a layer does to a group of them happens while they are in the cache. Layer i normalises (and, but for
// the first, rectifies) its input and multiplies; the last layer's rows go into the maximum of their segment and
// nowhere else. Rows are walked in order of segment, so that hidden rows lie as segments do.
#pragma once

/** Rows to a task: enough that a task's own sums of a weight gradient are small beside what it reads. */
static int64_t encoder_piece(int64_t depth, int64_t columns) {
  return kGroup * most(20, ceil_div(depth * columns, 400));
}

static inline int64_t whole_vectors(int64_t columns) { return ceil_div(columns, W) * W; }

/** Floats from one packed matrix with its start values to the next. */
static inline int64_t encoder_packed(const EncoderLayer& l) {
  return packed_size(l.depth, l.columns) + whole_vectors(l.columns) + 2 * whole_vectors(l.depth);
}

static int64_t encode_points_scratch(const PointEncoder& e) {
  int64_t packed = 0, rest = batch_norm_scratch(e.rows, e.layer[0].depth);
  for (int64_t i = 0; i < e.layers; i++) {
    const EncoderLayer& l = e.layer[i];
    packed += encoder_packed(l);
    // Training: moments of every piece. Inference: weights with their norms.
    rest = most(rest, 2 * l.columns * ceil_div(e.rows, encoder_piece(l.depth, l.columns)));
    rest = most(rest, l.depth * l.columns);
  }
  return packed + rest;
}

/** scale, shift [whole_vectors(depth)]: the layer's norm as one product and one sum. */
static inline void norm_of(const EncoderLayer& l, float epsilon, float* scale, float* shift) {
  for (int64_t j = 0; j < whole_vectors(l.depth); j++) {
    scale[j] = j < l.depth ? l.gamma[j] / __builtin_sqrtf(l.variance[j] + epsilon) : 0;
    shift[j] = j < l.depth ? l.beta[j] - l.mean[j] * scale[j] : 0;
  }
}

/** Where rows r .. r + count of a layer's input lie, in order of segment. */
static inline void find_rows(const PointEncoder& e, int64_t i, int64_t r, int count, const float** rows) {
  const int64_t depth = e.layer[i].depth;
  for (int k = 0; k < count; k++)
    rows[k] = i == 0 ? e.x + e.order[r + k] * depth : e.layer[i - 1].hidden + (r + k) * depth;
}

/** What the layer multiplies: rows normalised and rectified (slope 0); to rows of whole vectors. */
static inline void normalise_rows(const float* const* rows, int count, int64_t depth, const float* scale,
                                  const float* shift, float slope, float* to) {
  const int64_t stride = whole_vectors(depth), whole = depth / W * W;
  const int rest = (int)(depth - whole);
  for (int k = 0; k < count; k++, to += stride) {
    const float* row = rows[k];
    for (int64_t j = 0; j < whole; j += W) store(to + j, leaky(load(row + j) * load(scale + j) + load(shift + j), slope));
    if (rest)
      store(to + whole, leaky(load_part(row + whole, rest) * load(scale + whole) + load(shift + whole), slope));
  }
}

/** The first segment whose rows begin at `row` or behind it. */
static inline int64_t first_segment(const PointEncoder& e, int64_t row) {
  int64_t low = 0, high = e.segments;
  while (low < high) {
    const int64_t middle = (low + high) / 2;
    if (e.offsets[middle] < row)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/** Segments s .. s1, which have no rows. */
static inline void clear_maxima(const PointEncoder& e, int64_t s, int64_t s1) {
  const int64_t columns = e.layer[e.layers - 1].columns;
  for (; s < s1; s++)
    for (int64_t j = 0; j < columns; j++) {
      e.y[s * columns + j] = 0;
      if (e.best) e.best[s * columns + j] = -1;
    }
}

/** Takes rows r0 .. r1 of the last layer into the maxima of their segments; `s` is the first that is not complete. */
static inline int64_t take_maxima(const PointEncoder& e, const float* rows, int64_t stride, int64_t r0, int64_t r1,
                                  int64_t s, int64_t s1) {
  const int64_t columns = e.layer[e.layers - 1].columns;
  for (; s < s1 && e.offsets[s] < r1; s++) {
    const int64_t begin = most(r0, e.offsets[s]), end = least(r1, e.offsets[s + 1]);
    const bool first = e.offsets[s] >= r0;
    if (first && begin == end) {
      clear_maxima(e, s, s + 1);
      continue;
    }
    for (int64_t j = 0; j < columns; j += W) {
      const int lanes = (int)least(W, columns - j);
      const int64_t at = s * columns + j;
      V most_yet = first ? load(rows + (begin - r0) * stride + j) : load_lanes(e.y + at, lanes);
      if (e.best) {
        VI where = first ? splat_int((int32_t)begin) : load_lanes(e.best + at, lanes);
        for (int64_t r = begin + first; r < end; r++) {
          const V v = load(rows + (r - r0) * stride + j);
          const VI more = v > most_yet;
          most_yet = more ? v : most_yet;
          where = more ? splat_int((int32_t)r) : where;
        }
        store_lanes(e.best + at, where, lanes);
      } else {
        for (int64_t r = begin + first; r < end; r++) most_yet = vmax(load(rows + (r - r0) * stride + j), most_yet);
      }
      store_lanes(e.y + at, most_yet, lanes);
    }
    if (e.offsets[s + 1] > r1) break;
  }
  return s;
}

/** Runs body(piece, s0, s1) over pieces of whole segments: those that begin within a piece of rows. */
template <class Body>
static inline void parallel_segments(const PointEncoder& e, int64_t piece, Body body) {
  const int64_t pieces = most(1, ceil_div(e.rows, piece));
  parallel(pieces, [&](int64_t p) {
    body(p == 0 ? 0 : first_segment(e, p * piece), p + 1 == pieces ? e.segments : first_segment(e, (p + 1) * piece));
  });
}

/** `count` rows, from_stride floats apart, times a packed layer. */
static inline void multiply_rows(const float* packed, int64_t depth, int64_t columns, const float* start,
                                 const float* from, int64_t from_stride, float* to, int64_t to_stride, int count) {
  Tile tile{};
  tile.depth = depth;
  tile.slope = 1;
  const float* in[kGroup];
  float* out[kGroup];
  for (int k = 0; k < count; k++) {
    in[k] = from + k * from_stride;
    out[k] = to + k * to_stride;
  }
  multiply_group(tile, packed, columns, start, in, out, count);
}

/** Joins the group's mean and squared deviations, column by column, to those of the n rows before it (mean, squares). */
static inline void add_group_moments(const float* rows, int64_t columns, int count, int64_t n, float* mean,
                                     float* squares) {
  const float inverse = 1.0f / (float)count, share = (float)count / (float)(n + count);
  for (int64_t j = 0; j < columns; j += W) {
    const int lanes = (int)least(W, columns - j);
    V sum = {}, deviations = {};
    for (int k = 0; k < count; k++) sum += load_lanes(rows + k * columns + j, lanes);
    const V m = sum * inverse;
    for (int k = 0; k < count; k++) {
      const V d = load_lanes(rows + k * columns + j, lanes) - m;
      deviations += d * d;
    }
    const V before = n ? load_lanes(mean + j, lanes) : V{};
    const V delta = m - before;
    const V joined = n ? load_lanes(squares + j, lanes) + deviations + delta * delta * ((float)n * share) : deviations;
    store_lanes(mean + j, before + delta * share, lanes);
    store_lanes(squares + j, joined, lanes);
  }
}

/** Training: each layer's rows are kept, normalised by their own statistics. */
static void encode_points_training(const PointEncoder& e, float* scratch) {
  float* parts = scratch;
  for (int64_t i = 0; i < e.layers; i++) parts += encoder_packed(e.layer[i]);
  float* packed = scratch;
  const BatchNorm input{e.rows, e.layer[0].depth, 1.0f, false, e.epsilon};
  batch_norm_statistics(input, e.x, e.layer[0].mean, e.layer[0].variance, parts);
  for (int64_t i = 0; i < e.layers; i++) {
    const EncoderLayer& l = e.layer[i];
    const int64_t depth = l.depth, columns = l.columns, stride = whole_vectors(depth), wide = whole_vectors(columns);
    float* start = packed + packed_size(depth, columns);
    float* scale = start + wide;
    float* shift = scale + stride;
    pack(l.w, depth, columns, false, packed);
    pad_start(l.bias, columns, start);
    norm_of(l, e.epsilon, scale, shift);
    const int64_t piece = encoder_piece(depth, columns);
    const float* weights = packed;
    const float slope = i == 0 ? 1.0f : 0.0f;
    if (i + 1 < e.layers) {
      parallel_ranges(e.rows, piece, [&](int64_t r0, int64_t r1) {
        float* rows = (float*)task_scratch((size_t)(kGroup * stride) * sizeof(float));
        if (!rows) return;
        float* part = parts + r0 / piece * columns * 2;
        const float* from[kGroup];
        for (int64_t r = r0; r < r1; r += kGroup) {
          const int count = (int)least(kGroup, r1 - r);
          find_rows(e, i, r, count, from);
          normalise_rows(from, count, depth, scale, shift, slope, rows);
          float* to = l.hidden + r * columns;
          multiply_rows(weights, depth, columns, start, rows, stride, to, columns, count);
          add_group_moments(to, columns, count, r - r0, part, part + columns);
        }
      });
      join_moments(e.rows, columns, piece, parts, e.layer[i + 1].mean, e.layer[i + 1].variance);
    } else {
      parallel_segments(e, piece, [&](int64_t s0, int64_t s1) {
        float* rows = (float*)task_scratch((size_t)(kGroup * (stride + wide)) * sizeof(float));
        if (!rows) return;
        float* out = rows + kGroup * stride;
        const float* from[kGroup];
        int64_t s = s0;
        const int64_t r1 = e.offsets[s1];
        for (int64_t r = e.offsets[s0]; r < r1; r += kGroup) {
          const int count = (int)least(kGroup, r1 - r);
          find_rows(e, i, r, count, from);
          normalise_rows(from, count, depth, scale, shift, slope, rows);
          multiply_rows(weights, depth, columns, start, rows, stride, out, wide, count);
          s = take_maxima(e, out, wide, r, r + count, s, s1);
        }
        clear_maxima(e, s, s1);
      });
    }
    packed += encoder_packed(l);
  }
}

/** Inference: every norm is part of the weights before it, the first one of those behind it. */
static void encode_points_inference(const PointEncoder& e, float* scratch) {
  float* folded = scratch;
  for (int64_t i = 0; i < e.layers; i++) folded += encoder_packed(e.layer[i]);
  float* packed = scratch;
  int64_t widest = 0;
  for (int64_t i = 0; i < e.layers; i++) {
    const EncoderLayer& l = e.layer[i];
    const int64_t depth = l.depth, columns = l.columns, wide = whole_vectors(columns);
    float* start = packed + packed_size(depth, columns);
    float* scale = start + wide;
    float* shift = scale + whole_vectors(depth);
    pad_start(l.bias, columns, start);
    for (int64_t k = 0; k < depth * columns; k++) folded[k] = l.w[k];
    if (i == 0) {
      norm_of(l, e.epsilon, scale, shift);
      for (int64_t k = 0; k < depth; k++)
        for (int64_t j = 0; j < columns; j++) {
          start[j] += shift[k] * l.w[k * columns + j];
          folded[k * columns + j] *= scale[k];
        }
    }
    if (i + 1 < e.layers) {
      const EncoderLayer& next = e.layer[i + 1];
      for (int64_t j = 0; j < columns; j++) {
        const float by = next.gamma[j] / __builtin_sqrtf(next.variance[j] + e.epsilon);
        start[j] = (start[j] - next.mean[j]) * by + next.beta[j];
        for (int64_t k = 0; k < depth; k++) folded[k * columns + j] *= by;
      }
    }
    pack(folded, depth, columns, false, packed);
    packed += encoder_packed(l);
    widest = most(widest, wide);
  }
  parallel_segments(e, kGroup * 20, [&](int64_t s0, int64_t s1) {
    float* rows = (float*)task_scratch((size_t)(2 * kGroup * widest) * sizeof(float));
    if (!rows) return;
    int64_t s = s0;
    const int64_t r1 = e.offsets[s1];
    for (int64_t r = e.offsets[s0]; r < r1; r += kGroup) {
      const int count = (int)least(kGroup, r1 - r);
      const float* weights = scratch;
      const float* in[kGroup];
      float* out[kGroup];
      find_rows(e, 0, r, count, in);
      float* to = rows;
      for (int64_t i = 0; i < e.layers; i++) {
        const EncoderLayer& l = e.layer[i];
        to = rows + i % 2 * kGroup * widest;
        for (int k = 0; k < count; k++) out[k] = to + k * widest;
        Tile tile{};
        tile.depth = l.depth;
        tile.slope = i + 1 < e.layers ? 0.0f : 1.0f;
        multiply_group(tile, weights, l.columns, weights + packed_size(l.depth, l.columns), in, out, count);
        for (int k = 0; k < count; k++) in[k] = out[k];
        weights += encoder_packed(l);
      }
      s = take_maxima(e, to, widest, r, r + count, s, s1);
    }
    clear_maxima(e, s, s1);
  });
}

static void encode_points(const PointEncoder& e, bool training, float* scratch) {
  if (training)
    encode_points_training(e, scratch);
  else
    encode_points_inference(e, scratch);
}

/** Floats of one task's sums: the weights' gradient, the bias's, and those of the norm before them. */
static inline int64_t encoder_sums(const EncoderLayer& l) { return l.depth * l.columns + l.columns + 2 * l.depth; }

static int64_t encode_points_gradient_scratch(const PointEncoder& e) {
  int64_t packed = 0, parts = 0;
  for (int64_t i = 0; i < e.layers; i++) {
    const EncoderLayer& l = e.layer[i];
    packed = most(packed, packed_size(l.columns, l.depth) + whole_vectors(l.depth) + 4 * whole_vectors(l.columns));
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
  float* norm = zeros + narrow;
  float* parts = norm + 4 * wide;
  pack(l.w, columns, depth, true, packed);
  if (!last) norm_gradient_of(e, i, norm, norm + wide, norm + 2 * wide, norm + 3 * wide);
  pad_start(nullptr, depth, zeros);
  parallel_ranges(e.rows, piece, [&](int64_t r0, int64_t r1) {
    float* h = (float*)task_scratch((size_t)(kGroup * (2 * narrow + wide) + 2 * narrow) * sizeof(float));
    if (!h) return;
    float* dh = h + kGroup * narrow;
    float* dz = dh + kGroup * narrow;
    float* scale = dz + kGroup * wide;
    float* shift = scale + narrow;
    norm_of(l, e.epsilon, scale, shift);
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
