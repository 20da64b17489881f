#include "voxelize.hpp"

#include <atomic>
#include <cmath>
#include <vector>

#include "parallel.hpp"

namespace nerfseg {
namespace {
constexpr int64_t kPiece = 4096;
}

int64_t point_cells(const CylinderGrid& g, const float* positions, const float* intensity, int64_t count,
                    int32_t* cell_of_point, float* features) {
  std::atomic<int64_t> bad{count};
  parallel_pieces(count, kPiece, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; n++) {
      const double x = positions[n * 3], y = positions[n * 3 + 1], z = positions[n * 3 + 2];
      float* f = features + n * 9;
      const double c[3] = {std::sqrt(x * x + y * y), std::atan2(y, x), z};
      // Finite float32 values cannot overflow float64: the sum is finite if and only if all of them are.
      if (!std::isfinite(c[0] + z + intensity[n])) {
        int64_t first = bad.load();
        while (n < first && !bad.compare_exchange_weak(first, n)) {
        }
        cell_of_point[n] = -1;
        std::fill(f, f + 9, 0.0f);
        continue;
      }
      bool outside = false;
      int64_t cell = 0;
      for (int a = 0; a < 3; a++) {
        outside = outside || c[a] < g.low[a] || c[a] > g.high[a];
        const double position = std::floor((c[a] - g.low[a]) / g.interval[a]);
        const int32_t index =
            position < 0 ? 0 : position >= g.shape[a] ? g.shape[a] - 1 : static_cast<int32_t>(position);
        cell = cell * g.shape[a] + index;
        f[a] = static_cast<float>(c[a] - ((index + 0.5) * g.interval[a] + g.low[a]));
        f[3 + a] = static_cast<float>(c[a]);
      }
      f[6] = positions[n * 3];
      f[7] = positions[n * 3 + 1];
      f[8] = intensity[n];
      const bool drops = g.drop && outside;
      if (drops) std::fill(f, f + 9, 0.0f);
      cell_of_point[n] = drops ? -1 : static_cast<int32_t>(cell);
    }
  });
  return bad == count ? -1 : bad.load();
}

int64_t occupied_voxels(const CylinderGrid& g, int64_t count, int32_t* cell_of_point, int32_t** coords) {
  const int64_t cells = int64_t{1} * g.shape[0] * g.shape[1] * g.shape[2];
  std::vector<uint64_t> bits((cells + 63) / 64, 0);
  for (int64_t n = 0; n < count; n++)
    if (cell_of_point[n] >= 0) bits[cell_of_point[n] >> 6] |= uint64_t{1} << (cell_of_point[n] & 63);
  std::vector<int32_t> ranks(bits.size());
  int32_t voxels = 0;
  for (std::size_t w = 0; w < bits.size(); w++) {
    ranks[w] = voxels;
    voxels += __builtin_popcountll(bits[w]);
  }
  *coords = new int32_t[static_cast<std::size_t>(voxels) * 3];
  int32_t* out = *coords;
  for (std::size_t w = 0; w < bits.size(); w++)
    for (uint64_t word = bits[w]; word; word &= word - 1, out += 3) {
      const int64_t cell = static_cast<int64_t>(w) * 64 + __builtin_ctzll(word);
      out[0] = static_cast<int32_t>(cell / g.shape[2] / g.shape[1]);
      out[1] = static_cast<int32_t>(cell / g.shape[2] % g.shape[1]);
      out[2] = static_cast<int32_t>(cell % g.shape[2]);
    }
  parallel_pieces(count, kPiece, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; n++) {
      const int32_t cell = cell_of_point[n];
      if (cell < 0) continue;
      const uint64_t below = (uint64_t{1} << (cell & 63)) - 1;
      cell_of_point[n] = ranks[cell >> 6] + __builtin_popcountll(bits[cell >> 6] & below);
    }
  });
  return voxels;
}

}  // namespace nerfseg
