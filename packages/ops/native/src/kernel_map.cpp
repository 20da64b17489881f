#include "kernel_map.hpp"

#include <atomic>
#include <memory>
#include <vector>

#include "parallel.hpp"
#include "voxel_lookup.hpp"

namespace nerfseg {
namespace {

constexpr int64_t kPiece = 2048;

int64_t cell_count(const int32_t shape[3]) { return int64_t{1} * shape[0] * shape[1] * shape[2]; }

int64_t cell_of(const int32_t* c, const int32_t shape[3]) {
  return (int64_t{1} * c[0] * shape[1] + c[1]) * shape[2] + c[2];
}

bool inside(const int32_t* c, const int32_t shape[3]) {
  return c[0] >= 0 && c[0] < shape[0] && c[1] >= 0 && c[1] < shape[1] && c[2] >= 0 && c[2] < shape[2];
}

MapError look_up(const int32_t* coords, int64_t rows, const int32_t shape[3], VoxelLookup& lookup) {
  std::vector<int64_t> cells(rows);
  for (int64_t r = 0; r < rows; r++) {
    if (!inside(coords + r * 3, shape)) return MapError::kOutside;
    cells[r] = cell_of(coords + r * 3, shape);
  }
  return lookup.build(cells.data(), rows, cell_count(shape)) ? MapError::kNone : MapError::kDuplicate;
}

}  // namespace

MapError submanifold_map(const int32_t* coords, int64_t rows, const Grid& grid, const int32_t kernel[3],
                         int32_t* input_of, int32_t* output_of, int64_t* pairs) {
  VoxelLookup lookup;
  const MapError error = look_up(coords, rows, grid.shape, lookup);
  if (error != MapError::kNone) return error;
  const int32_t* shape = grid.shape;
  const int64_t taps = int64_t{1} * kernel[0] * kernel[1] * kernel[2];
  std::atomic<int64_t> total{0};
  parallel_pieces(rows, kPiece, [&](int64_t begin, int64_t end) {
    int64_t found = 0;
    for (int64_t o = begin; o < end; o++) {
      const int32_t* c = coords + o * 3;
      int32_t* in = input_of + o * taps;
      int64_t tap = 0;
      for (int32_t i = 0; i < kernel[0]; i++) {
        const int32_t rho = c[0] + i - kernel[0] / 2;
        for (int32_t j = 0; j < kernel[1]; j++) {
          int32_t phi = c[1] + j - kernel[1] / 2;
          if (grid.wrap_azimuth) phi = (phi % shape[1] + shape[1]) % shape[1];
          const bool column = rho >= 0 && rho < shape[0] && phi >= 0 && phi < shape[1];
          const int64_t base = (int64_t{1} * rho * shape[1] + phi) * shape[2];
          for (int32_t k = 0; k < kernel[2]; k++, tap++) {
            const int32_t z = c[2] + k - kernel[2] / 2;
            const int32_t row = column && z >= 0 && z < shape[2] ? lookup.row(base + z) : -1;
            in[tap] = row;
            found += row >= 0;
          }
        }
      }
    }
    total += found;
  });
  *pairs = total;
  // With an odd kernel the map mirrors itself: i feeds o through tap t when o feeds i through the opposite tap.
  if (kernel[0] % 2 && kernel[1] % 2 && kernel[2] % 2) {
    parallel_pieces(rows, kPiece, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++)
        for (int64_t t = 0; t < taps; t++) output_of[i * taps + t] = input_of[i * taps + taps - 1 - t];
    });
    return MapError::kNone;
  }
  std::fill(output_of, output_of + rows * taps, -1);
  for (int64_t o = 0; o < rows; o++)
    for (int64_t t = 0; t < taps; t++)
      if (input_of[o * taps + t] >= 0) output_of[input_of[o * taps + t] * taps + t] = static_cast<int32_t>(o);
  return MapError::kNone;
}

MapError strided_outputs(const int32_t* coords, int64_t rows, const Grid& grid, Stride& s, int32_t** out_coords,
                         int64_t* out_rows) {
  for (int a = 0; a < 3; a++) s.shape[a] = (grid.shape[a] + 2 * s.padding[a] - s.kernel[a]) / s.stride[a] + 1;
  for (int a = 0; a < 3; a++)
    if (s.shape[a] < 1) return MapError::kOutside;
  std::vector<int64_t> cells;
  cells.reserve(rows * 4);
  for (int64_t r = 0; r < rows; r++) {
    const int32_t* c = coords + r * 3;
    if (!inside(c, grid.shape)) return MapError::kOutside;
    // Along each axis the outputs that read cell c: o * stride - padding <= c < o * stride - padding + kernel.
    int32_t low[3], high[3];
    for (int a = 0; a < 3; a++) {
      const int32_t reach = c[a] + s.padding[a];
      low[a] = reach < s.kernel[a] ? 0 : (reach - s.kernel[a]) / s.stride[a] + 1;
      high[a] = std::min(reach / s.stride[a], s.shape[a] - 1);
    }
    for (int32_t i = low[0]; i <= high[0]; i++)
      for (int32_t j = low[1]; j <= high[1]; j++)
        for (int32_t k = low[2]; k <= high[2]; k++) {
          const int32_t o[3] = {i, j, k};
          cells.push_back(cell_of(o, s.shape));
        }
  }
  const int64_t count = cell_count(s.shape);
  if (count <= int64_t{1} << 28) {
    // A bitmap sorts and removes duplicates at once.
    std::vector<uint64_t> bits((count + 63) / 64, 0);
    for (const int64_t cell : cells) bits[cell >> 6] |= uint64_t{1} << (cell & 63);
    cells.clear();
    for (std::size_t w = 0; w < bits.size(); w++)
      for (uint64_t word = bits[w]; word; word &= word - 1)
        cells.push_back(static_cast<int64_t>(w) * 64 + __builtin_ctzll(word));
  } else {
    std::sort(cells.begin(), cells.end());
    cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
  }
  *out_rows = static_cast<int64_t>(cells.size());
  *out_coords = new int32_t[cells.size() * 3];
  for (std::size_t r = 0; r < cells.size(); r++) {
    int32_t* o = *out_coords + r * 3;
    o[2] = static_cast<int32_t>(cells[r] % s.shape[2]);
    o[1] = static_cast<int32_t>(cells[r] / s.shape[2] % s.shape[1]);
    o[0] = static_cast<int32_t>(cells[r] / s.shape[2] / s.shape[1]);
  }
  return MapError::kNone;
}

MapError strided_map(const int32_t* coords, int64_t rows, const Grid& grid, const Stride& s,
                     const int32_t* out_coords, int64_t out_rows, int32_t* input_of, int32_t* output_of,
                     int64_t* pairs) {
  VoxelLookup inputs, outputs;
  MapError error = look_up(coords, rows, grid.shape, inputs);
  if (error == MapError::kNone) error = look_up(out_coords, out_rows, s.shape, outputs);
  if (error != MapError::kNone) return error;
  const int64_t taps = int64_t{1} * s.kernel[0] * s.kernel[1] * s.kernel[2];
  std::atomic<int64_t> total{0};
  parallel_pieces(out_rows, kPiece, [&](int64_t begin, int64_t end) {
    int64_t found = 0;
    for (int64_t o = begin; o < end; o++) {
      int64_t at = o * taps;
      int32_t c[3];
      for (int32_t i = 0; i < s.kernel[0]; i++)
        for (int32_t j = 0; j < s.kernel[1]; j++)
          for (int32_t k = 0; k < s.kernel[2]; k++, at++) {
            const int32_t tap[3] = {i, j, k};
            for (int a = 0; a < 3; a++) c[a] = out_coords[o * 3 + a] * s.stride[a] - s.padding[a] + tap[a];
            input_of[at] = inside(c, grid.shape) ? inputs.row(cell_of(c, grid.shape)) : -1;
            found += input_of[at] >= 0;
          }
    }
    total += found;
  });
  *pairs = total;
  parallel_pieces(rows, kPiece, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++) {
      int64_t at = r * taps;
      for (int32_t i = 0; i < s.kernel[0]; i++)
        for (int32_t j = 0; j < s.kernel[1]; j++)
          for (int32_t k = 0; k < s.kernel[2]; k++, at++) {
            const int32_t tap[3] = {i, j, k};
            int32_t o[3];
            bool exact = true;
            for (int a = 0; a < 3; a++) {
              const int32_t reach = coords[r * 3 + a] + s.padding[a] - tap[a];
              exact = exact && reach >= 0 && reach % s.stride[a] == 0;
              o[a] = reach / s.stride[a];
            }
            output_of[at] = exact && inside(o, s.shape) ? outputs.row(cell_of(o, s.shape)) : -1;
          }
    }
  });
  return MapError::kNone;
}

MapError pair_list(const int32_t* input_of, int64_t rows, int64_t taps, int64_t input_rows, int64_t block_rows,
                   int64_t pairs, int32_t* offsets, int32_t* from, int32_t* to) {
  const int64_t blocks = (rows + block_rows - 1) / block_rows;
  const int64_t stride = blocks + 1;
  std::atomic<bool> bad{false};
  parallel_pieces(rows, block_rows, [&](int64_t begin, int64_t end) {
    const int64_t block = begin / block_rows;
    std::vector<int32_t> count(taps, 0);
    for (int64_t r = begin; r < end; r++)
      for (int64_t t = 0; t < taps; t++) {
        const int32_t row = input_of[r * taps + t];
        count[t] += row >= 0;
        if (row < -1 || row >= input_rows) bad = true;
      }
    for (int64_t t = 0; t < taps; t++) offsets[t * stride + block] = count[t];
  });
  if (bad) return MapError::kIndex;
  int64_t total = 0;
  for (int64_t t = 0; t < taps; t++) {
    for (int64_t b = 0; b < blocks; b++) {
      const int32_t count = offsets[t * stride + b];
      offsets[t * stride + b] = static_cast<int32_t>(total);
      total += count;
    }
    offsets[t * stride + blocks] = static_cast<int32_t>(total);
  }
  if (total != pairs) return MapError::kIndex;
  parallel_pieces(rows, block_rows, [&](int64_t begin, int64_t end) {
    const int64_t block = begin / block_rows;
    std::vector<int32_t> at(taps);
    for (int64_t t = 0; t < taps; t++) at[t] = offsets[t * stride + block];
    for (int64_t r = begin; r < end; r++)
      for (int64_t t = 0; t < taps; t++) {
        const int32_t row = input_of[r * taps + t];
        if (row < 0) continue;
        from[at[t]] = row;
        to[at[t]++] = static_cast<int32_t>(r);
      }
  });
  return MapError::kNone;
}

}  // namespace nerfseg
