// Kernel maps: for every output voxel and kernel offset the input voxel, and the pair lists that convolutions read.
#pragma once
#include <cstdint>
#include <vector>

namespace nerfseg {

enum class MapError { kNone, kOutside, kDuplicate, kIndex };

struct Grid {
  int32_t shape[3];
  bool wrap_azimuth;
};

/** Fills input_of and output_of [rows * taps]; `pairs` receives the number of entries that are not -1. */
MapError submanifold_map(const int32_t* coords, int64_t rows, const Grid& grid, const int32_t kernel[3],
                         int32_t* input_of, int32_t* output_of, int64_t* pairs);

/** One strided convolution: output cell o reads the input cells o * stride - padding + tap. */
struct Stride {
  int32_t kernel[3];
  int32_t stride[3];
  int32_t padding[3];
  /** Filled by strided_outputs. */
  int32_t shape[3];
};

/** Output cells that at least one input reaches, ascending; returns coordinates to be freed with delete[]. */
MapError strided_outputs(const int32_t* coords, int64_t rows, const Grid& grid, Stride& stride, int32_t** out_coords,
                         int64_t* out_rows);

MapError strided_map(const int32_t* coords, int64_t rows, const Grid& grid, const Stride& stride,
                     const int32_t* out_coords, int64_t out_rows, int32_t* input_of, int32_t* output_of,
                     int64_t* pairs);

/** One scan's share of a map, told by coordinates; see KernelMapPart in src/kernels.ts. */
struct MapPart {
  const int32_t* in_coords;
  const int32_t* out_coords;
  int64_t in_rows, out_rows;
  Grid grid;
  /** `kernel` is not read: the taps say which offsets there are. */
  Stride stride;
  /** [taps * 3] offset along rho, phi, z of every tap, each below 32. */
  const int32_t* taps;
};

/** Row `to` reads row `from` through a tap. */
struct FoundPair {
  int32_t tap, from, to;
};

/**
 * Finds the pairs of a map of `rows` rows that is its parts, one behind the other; `inverse`: of every input voxel the output
 * rows. `found` has room for rows * taps; those of a block lie from its first row * taps on, by row and then by tap, so
 * that no table is filled and read whose entries are empty, most of them. Fills `offsets` [taps * (blocks + 1)], for pairs
 * by tap and then by row, and counts them.
 */
MapError find_pairs(const std::vector<MapPart>& parts, int64_t rows, int64_t taps, bool inverse, int64_t block_rows,
                    FoundPair* found, int32_t* offsets, int64_t* pairs);

/** Lists them by tap and then by row; `from` and `to` have room for all that were counted. */
void list_pairs(const FoundPair* found, int64_t rows, int64_t taps, int64_t block_rows, const int32_t* offsets,
                int32_t* from, int32_t* to);

/** Fills `offsets` [taps * (blocks + 1)] for the pairs of a [rows * taps] table, by tap and then by row; counts them. */
MapError count_pairs(const int32_t* input_of, int64_t rows, int64_t taps, int64_t input_rows, int64_t block_rows,
                     int32_t* offsets, int64_t* pairs);

/** Lists the pairs of a table; `from` and `to` have room for all that were counted. */
void fill_pairs(const int32_t* input_of, int64_t rows, int64_t taps, int64_t block_rows, const int32_t* offsets,
                int32_t* from, int32_t* to);

}  // namespace nerfseg
