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
