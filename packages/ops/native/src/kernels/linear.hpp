// Dense layers: y = activation(x . w + bias), on the same tiles as the sparse convolution.
#pragma once

/** Derivatives of the activations are functions of y. */
enum Activation : int { kNone = 0, kRelu = 1, kLeakyRelu = 2, kSigmoid = 3 };

static inline float slope_of(int activation) {
  return activation == kRelu ? 0.0f : activation == kLeakyRelu ? 0.01f : 1.0f;
}

static int64_t linear_scratch(int64_t depth, int64_t columns) {
  return packed_size(depth, columns) + ceil_div(columns, W) * W;
}

static void linear(const float* x, int64_t rows, int64_t depth, const float* w, int64_t columns, bool transposed,
                   const float* bias, int activation, float* y, float* packed) {
  float* start = packed + packed_size(depth, columns);
  pad_start(bias, columns, start);
  parallel_ranges(ceil_div(columns, kPanel), 8, [&](int64_t p0, int64_t p1) {
    pack_panels(w, depth, columns, transposed, packed, p0 * kPanel, least(columns, p1 * kPanel));
  });
  const int64_t piece = least(kGroup * 8, most(kTileRows, ceil_div(ceil_div(rows, 8), kTileRows) * kTileRows));
  parallel_ranges(rows, piece, [&](int64_t r0, int64_t r1) {
    Tile tile{};
    tile.depth = depth;
    tile.slope = slope_of(activation);
    const float* in[kGroup];
    float* out[kGroup];
    for (int64_t r = r0; r < r1; r += kGroup) {
      const int count = (int)least(kGroup, r1 - r);
      for (int j = 0; j < count; j++) {
        in[j] = x + (r + j) * depth;
        out[j] = y + (r + j) * columns;
      }
      multiply_group(tile, packed, columns, start, in, out, count);
      if (activation != kSigmoid) continue;
      float* v = y + r * columns;
      for (int64_t i = 0; i < count * columns; i += W) {
        const int lanes = (int)least(W, count * columns - i);
        store_lanes(v + i, vsigmoid(load_lanes(v + i, lanes)), lanes);
      }
    }
  });
}

/** dz = dy * activation'(y); dbias (if not null) = column sums of dz, in pieces of a fixed number of rows. */
static int64_t linear_piece(int64_t columns) { return most(1, 32768 / most(1, columns)); }

static int64_t linear_gradient_scratch(int64_t rows, int64_t columns) {
  return ceil_div(rows, linear_piece(columns)) * columns;
}

static void linear_gradient(const float* y, const float* dy, int64_t rows, int64_t columns, int activation, float* dz,
                            float* dbias, float* scratch) {
  const int64_t piece = linear_piece(columns);
  const V slope = splat(slope_of(activation));
  parallel_ranges(rows, piece, [&](int64_t r0, int64_t r1) {
    float* part = scratch + r0 / piece * columns;
    for (int64_t j = 0; j < columns; j += W) {
      const int lanes = (int)least(W, columns - j);
      V sum = {};
      for (int64_t r = r0; r < r1; r++) {
        V g = load_lanes(dy + r * columns + j, lanes);
        if (activation != kNone) {
          const V out = load_lanes(y + r * columns + j, lanes);
          g = activation == kSigmoid ? g * out * (1.0f - out) : out > V{} ? g : g * slope;
          store_lanes(dz + r * columns + j, g, lanes);
        }
        sum += g;
      }
      if (dbias) store_lanes(part + j, sum, lanes);
    }
  });
  if (!dbias) return;
  const int64_t parts = ceil_div(rows, piece);
  for (int64_t j = 0; j < columns; j++) {
    double sum = 0;
    for (int64_t p = 0; p < parts; p++) sum += scratch[p * columns + j];
    dbias[j] = (float)sum;
  }
}
