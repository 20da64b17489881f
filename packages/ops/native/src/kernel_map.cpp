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

/** Input coordinate that output `o` reads through tap `k` along an axis, or -1. */
int32_t input_at(const Stride& s, const Grid& grid, int axis, int32_t o, int32_t k) {
  const int32_t size = grid.shape[axis];
  const int32_t x = o * s.stride[axis] - s.padding[axis] + k;
  if (x >= 0 && x < size) return x;
  if (axis == 1 && grid.wrap_azimuth) return (x % size + size) % size;
  return -1;
}

/** Output coordinate that reads input `x` through tap `k` along an axis, or -1. */
int32_t output_at(const Stride& s, const Grid& grid, int axis, int32_t x, int32_t k) {
  const int32_t size = grid.shape[axis];
  int32_t reach = x + s.padding[axis] - k;
  if (axis == 1 && grid.wrap_azimuth) reach = (reach % size + size) % size;
  if (reach < 0 || reach % s.stride[axis] != 0) return -1;
  return reach / s.stride[axis] < s.shape[axis] ? reach / s.stride[axis] : -1;
}

/** Calls visit(tap, cell) for every tap whose coordinate exists along all axes; cells are of a grid of that shape. */
template <class At, class Visit>
void for_each_tap(const int32_t kernel[3], const int32_t shape[3], At at, Visit visit) {
  for (int32_t i = 0; i < kernel[0]; i++) {
    const int32_t rho = at(0, i);
    if (rho < 0) continue;
    for (int32_t j = 0; j < kernel[1]; j++) {
      const int32_t phi = at(1, j);
      if (phi < 0) continue;
      for (int32_t k = 0; k < kernel[2]; k++) {
        const int32_t z = at(2, k);
        if (z >= 0)
          visit((i * kernel[1] + j) * kernel[2] + k, (int64_t{1} * rho * shape[1] + phi) * shape[2] + z);
      }
    }
  }
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
  // An odd kernel's map mirrors itself: i feeds o through tap t when o feeds i through the opposite tap.
  const bool mirrors = kernel[0] % 2 && kernel[1] % 2 && kernel[2] % 2;
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
          std::fill(in + tap, in + tap + kernel[2], -1);
          const int32_t z = c[2] - kernel[2] / 2;
          const int32_t low = std::max(z, 0), high = std::min(z + kernel[2], shape[2]);
          if (column)
            found += lookup.rows((int64_t{1} * rho * shape[1] + phi) * shape[2] + low, high - low, in + tap + low - z);
          tap += kernel[2];
        }
      }
      if (mirrors) std::reverse_copy(in, in + taps, output_of + o * taps);
    }
    total += found;
  });
  *pairs = total;
  if (mirrors) return MapError::kNone;
  std::fill(output_of, output_of + rows * taps, -1);
  for (int64_t o = 0; o < rows; o++)
    for (int64_t t = 0; t < taps; t++)
      if (input_of[o * taps + t] >= 0) output_of[input_of[o * taps + t] * taps + t] = static_cast<int32_t>(o);
  return MapError::kNone;
}

MapError strided_outputs(const int32_t* coords, int64_t rows, const Grid& grid, Stride& s, int32_t** out_coords,
                         int64_t* out_rows) {
  for (int a = 0; a < 3; a++) {
    const bool wraps = a == 1 && grid.wrap_azimuth;
    s.shape[a] = wraps ? grid.shape[a] / s.stride[a]
                       : (grid.shape[a] + 2 * s.padding[a] - s.kernel[a]) / s.stride[a] + 1;
    if (s.shape[a] < 1) return MapError::kOutside;
  }
  const int64_t count = cell_count(s.shape);
  const bool small = count <= int64_t{1} << 28;
  // A bitmap sorts and removes duplicates at once.
  std::vector<uint64_t> bits(small ? (count + 63) / 64 : 0, 0);
  std::vector<int64_t> cells;
  for (int64_t r = 0; r < rows; r++) {
    const int32_t* c = coords + r * 3;
    if (!inside(c, grid.shape)) return MapError::kOutside;
    for_each_tap(
        s.kernel, s.shape, [&](int axis, int32_t k) { return output_at(s, grid, axis, c[axis], k); },
        [&](int32_t, int64_t cell) {
          if (small)
            bits[cell >> 6] |= uint64_t{1} << (cell & 63);
          else
            cells.push_back(cell);
        });
  }
  for (std::size_t w = 0; w < bits.size(); w++)
    for (uint64_t word = bits[w]; word; word &= word - 1)
      cells.push_back(static_cast<int64_t>(w) * 64 + __builtin_ctzll(word));
  if (!small) {
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
    std::fill(input_of + begin * taps, input_of + end * taps, -1);
    for (int64_t o = begin; o < end; o++)
      for_each_tap(
          s.kernel, grid.shape,
          [&](int axis, int32_t k) { return input_at(s, grid, axis, out_coords[o * 3 + axis], k); },
          [&](int32_t tap, int64_t cell) {
            const int32_t row = inputs.row(cell);
            input_of[o * taps + tap] = row;
            found += row >= 0;
          });
    total += found;
  });
  *pairs = total;
  parallel_pieces(rows, kPiece, [&](int64_t begin, int64_t end) {
    std::fill(output_of + begin * taps, output_of + end * taps, -1);
    for (int64_t i = begin; i < end; i++)
      for_each_tap(
          s.kernel, s.shape,
          [&](int axis, int32_t k) { return output_at(s, grid, axis, coords[i * 3 + axis], k); },
          [&](int32_t tap, int64_t cell) { output_of[i * taps + tap] = outputs.row(cell); });
  });
  return MapError::kNone;
}

namespace {

/** Taps in a row along z, which read neighbouring cells: up to as many as VoxelLookup takes at once. */
struct TapRun {
  int32_t rho, phi, z;
  int32_t count;
  int64_t first;
};

std::vector<TapRun> runs_of(const int32_t* taps, int64_t count) {
  std::vector<TapRun> runs;
  for (int64_t t = 0; t < count; t++) {
    const int32_t* k = taps + t * 3;
    if (!runs.empty()) {
      TapRun& last = runs.back();
      if (last.rho == k[0] && last.phi == k[1] && last.z + last.count == k[2] && last.count < 32) {
        last.count++;
        continue;
      }
    }
    runs.push_back({k[0], k[1], k[2], 1, t});
  }
  return runs;
}

/** What a scan contributes to a map, ready to be asked. */
struct Share {
  const MapPart* part;
  VoxelLookup lookup;
  std::vector<TapRun> runs;
  /** First row of its own in the map, and of those that it reads. */
  int64_t row, start;
};

/** Calls visit(tap, row of the share's) for all that the voxel at `c` reads; `inverse`: for all that read it. */
template <class Visit>
void for_each_partner(const Share& share, bool inverse, const int32_t* c, Visit visit) {
  const Stride& s = share.part->stride;
  const Grid& grid = share.part->grid;
  const int32_t* shape = inverse ? s.shape : grid.shape;
  const auto partner = [&](int axis, int32_t k) {
    return inverse ? output_at(s, grid, axis, c[axis], k) : input_at(s, grid, axis, c[axis], k);
  };
  for (const TapRun& run : share.runs) {
    const int32_t rho = partner(0, run.rho);
    const int32_t phi = rho < 0 ? -1 : partner(1, run.phi);
    if (phi < 0) continue;
    const int64_t column = (int64_t{1} * rho * shape[1] + phi) * shape[2];
    if (inverse) {
      for (int32_t i = 0; i < run.count; i++) {
        const int32_t z = partner(2, run.z + i);
        const int32_t row = z < 0 ? -1 : share.lookup.row(column + z);
        if (row >= 0) visit(run.first + i, row);
      }
    } else {
      const int32_t z = c[2] * s.stride[2] - s.padding[2] + run.z;
      const int32_t low = std::max(z, 0), high = std::min(z + run.count, shape[2]);
      if (low < high)
        share.lookup.for_each(column + low, high - low,
                              [&](int32_t i, int32_t row) { visit(run.first + low - z + i, row); });
    }
  }
}

/** Makes counts [taps, blocks + 1] where a tap's pairs of a block begin, in order of tap and then of block; their sum. */
int64_t add_up(int32_t* counts, int64_t taps, int64_t blocks) {
  int64_t total = 0;
  for (int64_t t = 0; t < taps; t++) {
    int32_t* of_tap = counts + t * (blocks + 1);
    for (int64_t b = 0; b < blocks; b++) {
      const int32_t count = of_tap[b];
      of_tap[b] = static_cast<int32_t>(total);
      total += count;
    }
    of_tap[blocks] = static_cast<int32_t>(total);
  }
  return total;
}

}  // namespace

MapError find_pairs(const std::vector<MapPart>& parts, int64_t rows, int64_t taps, bool inverse, int64_t block_rows,
                    FoundPair* found, int32_t* offsets, int64_t* pairs) {
  std::vector<Share> shares;
  int64_t row = 0, start = 0;
  for (const MapPart& part : parts) {
    shares.push_back({&part, {}, runs_of(part.taps, taps), row, start});
    const int64_t others = inverse ? part.out_rows : part.in_rows;
    const MapError error = look_up(inverse ? part.out_coords : part.in_coords, others,
                                   inverse ? part.stride.shape : part.grid.shape, shares.back().lookup);
    if (error != MapError::kNone) return error;
    row += inverse ? part.in_rows : part.out_rows;
    start += others;
  }
  const int64_t stride = (rows + block_rows - 1) / block_rows + 1;
  parallel_pieces(rows, block_rows, [&](int64_t begin, int64_t end) {
    FoundPair* next = found + begin * taps;
    std::vector<int32_t> count(taps, 0);
    for (std::size_t p = 0; p < shares.size(); p++) {
      const Share& share = shares[p];
      const int32_t* own = inverse ? share.part->in_coords : share.part->out_coords;
      const int64_t own_end = p + 1 < shares.size() ? shares[p + 1].row : rows;
      for (int64_t r = std::max(begin, share.row); r < std::min(end, own_end); r++)
        for_each_partner(share, inverse, own + (r - share.row) * 3, [&](int64_t tap, int32_t other) {
          *next++ = {static_cast<int32_t>(tap), static_cast<int32_t>(share.start) + other, static_cast<int32_t>(r)};
          count[tap]++;
        });
    }
    for (int64_t t = 0; t < taps; t++) offsets[t * stride + begin / block_rows] = count[t];
  });
  *pairs = add_up(offsets, taps, stride - 1);
  return MapError::kNone;
}

void list_pairs(const FoundPair* found, int64_t rows, int64_t taps, int64_t block_rows, const int32_t* offsets,
                int32_t* from, int32_t* to) {
  const int64_t stride = (rows + block_rows - 1) / block_rows + 1;
  parallel_pieces(rows, block_rows, [&](int64_t begin, int64_t) {
    const int64_t block = begin / block_rows;
    std::vector<int32_t> at(taps);
    int64_t count = 0;
    for (int64_t t = 0; t < taps; t++) {
      at[t] = offsets[t * stride + block];
      count += offsets[t * stride + block + 1] - at[t];
    }
    const FoundPair* pair = found + begin * taps;
    for (int64_t i = 0; i < count; i++, pair++) {
      const int32_t where = at[pair->tap]++;
      from[where] = pair->from;
      to[where] = pair->to;
    }
  });
}

MapError count_pairs(const int32_t* input_of, int64_t rows, int64_t taps, int64_t input_rows, int64_t block_rows,
                     int32_t* offsets, int64_t* pairs) {
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
  *pairs = add_up(offsets, taps, blocks);
  return MapError::kNone;
}

void fill_pairs(const int32_t* input_of, int64_t rows, int64_t taps, int64_t block_rows, const int32_t* offsets,
                int32_t* from, int32_t* to) {
  const int64_t stride = (rows + block_rows - 1) / block_rows + 1;
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
}

}  // namespace nerfseg
