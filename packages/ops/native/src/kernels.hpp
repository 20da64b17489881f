// What each instruction set offers: one table of functions, chosen once when the module loads.
#pragma once
#include <cstdint>

namespace nerfseg {

/** The present (output row, tap, input row) triples of a kernel map, read in one direction. */
struct PairList {
  int64_t taps;
  /** Output rows. */
  int64_t rows;
  int64_t block_rows;
  int64_t blocks;
  /** [taps * (blocks + 1)]: pairs of tap t in block b are offsets[t * (blocks + 1) + b] to the next. */
  const int32_t* offsets;
  /** Rows read and written, per pair, by tap and then by output row. */
  const int32_t* from;
  const int32_t* to;
  /** A tap that has a pair for every output row, or -1. */
  int64_t full_tap;
};

struct Kernels {
  const char* name;
  int64_t (*sparse_conv_scratch)(int64_t taps, int64_t depth, int64_t columns);
  /** y [rows, columns] = sum over taps of x[from] . w[tap] (+ bias); w is [taps, depth, columns], or its taps transposed. */
  void (*sparse_conv)(const PairList&, const float* x, int64_t depth, const float* w, int64_t columns, bool transposed,
                      const float* bias, float* y, float* scratch);
};

}  // namespace nerfseg
