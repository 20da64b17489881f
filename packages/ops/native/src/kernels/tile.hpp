// The register tile of every matrix product: M rows times N vectors of columns, accumulators in registers, rows
// read and written through pointers, so that a sparse convolution needs neither gathered copies nor scatter buffers.
#pragma once

struct Tile {
  /** Packed panel: depth x (N * W). */
  const float* panel;
  int64_t depth;
  /** First column of the panel in the output. */
  int64_t column;
  /** Columns in the panel's last vector that exist (1..W). */
  int lanes;
  /** Start value per column (N * W floats), or null to add to what the output holds. */
  const float* start;
  /** Slope for negative results; 1 leaves them as they are. */
  float slope;
};

template <int M, int N>
static __attribute__((noinline)) void multiply_tile(const Tile& g, const float* const* rows, float* const* out) {
  const float* a[M];
  V c[M][N];
  NERFSEG_UNROLL
  for (int m = 0; m < M; m++) a[m] = rows[m];
  if (g.start) {
    NERFSEG_UNROLL
    for (int n = 0; n < N; n++) {
      const V s = load(g.start + n * W);
      NERFSEG_UNROLL
      for (int m = 0; m < M; m++) c[m][n] = s;
    }
  } else {
    NERFSEG_UNROLL
    for (int m = 0; m < M; m++) {
      const float* o = out[m] + g.column;
      NERFSEG_UNROLL
      for (int n = 0; n < N - 1; n++) c[m][n] = load(o + n * W);
      c[m][N - 1] = load_lanes(o + (N - 1) * W, g.lanes);
    }
  }
  const float* b = g.panel;
  const int64_t depth = g.depth;
  for (int64_t k = 0; k < depth; k++) {
    V w[N];
    NERFSEG_UNROLL
    for (int n = 0; n < N; n++) w[n] = load(b + n * W);
    b += N * W;
    NERFSEG_UNROLL
    for (int m = 0; m < M; m++) {
      const V x = splat(a[m][k]);
      NERFSEG_UNROLL
      for (int n = 0; n < N; n++) c[m][n] += x * w[n];
    }
  }
  if (g.slope != 1.0f) {
    NERFSEG_UNROLL
    for (int m = 0; m < M; m++) {
      NERFSEG_UNROLL
      for (int n = 0; n < N; n++) c[m][n] = leaky(c[m][n], g.slope);
    }
  }
  NERFSEG_UNROLL
  for (int m = 0; m < M; m++) {
    float* o = out[m] + g.column;
    NERFSEG_UNROLL
    for (int n = 0; n < N - 1; n++) store(o + n * W, c[m][n]);
    store_lanes(o + (N - 1) * W, c[m][N - 1], g.lanes);
  }
}

using TileFunction = void (*)(const Tile&, const float* const*, float* const*);

static constexpr int kTileRows = NERFSEG_TILE_ROWS;
static constexpr int kTileVectors = 2;
static constexpr int kPanel = kTileVectors * W;

template <int N, int M = kTileRows>
struct TileTable {
  static constexpr void fill(TileFunction* table) {
    table[M] = multiply_tile<M, N>;
    if constexpr (M > 1) TileTable<N, M - 1>::fill(table);
  }
};

/** tile_functions()[N - 1][M]. */
struct TileFunctions {
  TileFunction of[kTileVectors][kTileRows + 1];
  constexpr TileFunctions() : of{} {
    TileTable<1>::fill(of[0]);
    TileTable<2>::fill(of[1]);
  }
};
// A constant, so that nothing of this instruction set runs when the module loads.
static constexpr TileFunctions tile_functions;

/** Rows that share a pass over one panel: enough to keep the panel in the first-level cache, few enough for their rows to stay in the second. */
static constexpr int kGroup = kTileRows * 8;

/** Vectors in the panel that starts at `column`. */
static inline int panel_vectors(int64_t column, int64_t columns) { return columns - column > W ? 2 : 1; }

/** Multiplies up to kGroup rows by all panels of one packed matrix. */
static inline void multiply_group(Tile& tile, const float* packed, int64_t columns, const float* start,
                                  const float* const* rows, float* const* out, int count) {
  for (int64_t column = 0; column < columns; column += kPanel) {
    const int vectors = panel_vectors(column, columns);
    const int64_t left = columns - column - (vectors - 1) * W;
    tile.panel = packed + column * tile.depth;
    tile.column = column;
    tile.lanes = (int)least(W, left);
    tile.start = start ? start + column : nullptr;
    const TileFunction* functions = tile_functions.of[vectors - 1];
    int i = 0;
    for (; i + kTileRows <= count; i += kTileRows) functions[kTileRows](tile, rows + i, out + i);
    if (i < count) functions[count - i](tile, rows + i, out + i);
  }
}
