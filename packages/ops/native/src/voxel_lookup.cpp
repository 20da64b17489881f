#include "voxel_lookup.hpp"

namespace nerfseg {
namespace {
/** 32 MB of bits at most. */
constexpr int64_t kLargestBitmap = int64_t{1} << 28;
}  // namespace

bool VoxelLookup::build(const int64_t* cells, int64_t rows, int64_t cell_count) {
  if (cell_count > kLargestBitmap) return build_hash(cells, rows);
  bits_.assign((cell_count + 63) / 64 + 1, 0);
  ranks_.assign(bits_.size(), 0);
  bool sorted = true;
  for (int64_t r = 0; r < rows; r++) {
    uint64_t& word = bits_[cells[r] >> 6];
    const uint64_t bit = uint64_t{1} << (cells[r] & 63);
    if (word & bit) return false;
    word |= bit;
    sorted = sorted && (r == 0 || cells[r - 1] < cells[r]);
  }
  int32_t rank = 0;
  for (std::size_t i = 0; i < bits_.size(); i++) {
    ranks_[i] = rank;
    rank += __builtin_popcountll(bits_[i]);
  }
  if (sorted) return true;
  std::vector<int32_t> by_rank(rows);
  for (int64_t r = 0; r < rows; r++) by_rank[row(cells[r])] = static_cast<int32_t>(r);
  rows_ = std::move(by_rank);
  return true;
}

bool VoxelLookup::build_hash(const int64_t* cells, int64_t rows) {
  uint64_t size = 64;
  while (size < static_cast<uint64_t>(rows) * 2) size *= 2;
  mask_ = size - 1;
  keys_.assign(size, -1);
  values_.assign(size, -1);
  for (int64_t r = 0; r < rows; r++) {
    uint64_t slot = hash(cells[r]) & mask_;
    for (; keys_[slot] >= 0; slot = (slot + 1) & mask_)
      if (keys_[slot] == cells[r]) return false;
    keys_[slot] = cells[r];
    values_[slot] = static_cast<int32_t>(r);
  }
  return true;
}

}  // namespace nerfseg
