#include "memory.hpp"

#include <cstdlib>

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(_WIN32)
#include <malloc.h>
#endif

namespace nerfseg {
namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kHugePage = std::size_t{1} << 21;

struct Scratch {
  void* data = nullptr;
  std::size_t size = 0;
  ~Scratch() { release(data); }

  void* at_least(std::size_t bytes) {
    if (size >= bytes) return data;
    release(data);
    size = bytes + bytes / 4;
    data = allocate(size);
    if (!data) size = 0;
    return data;
  }
};

}  // namespace

void* allocate(std::size_t bytes) {
  const std::size_t alignment = bytes >= kHugePage ? kHugePage : kLine;
  const std::size_t size = (bytes + kLine - 1) / kLine * kLine + (bytes == 0 ? kLine : 0);
#if defined(_WIN32)
  return _aligned_malloc(size, alignment);
#else
  void* data = nullptr;
  if (posix_memalign(&data, alignment, size) != 0) return nullptr;
#if defined(__linux__)
  // Gathers touch rows all over a tensor: with small pages most of them would miss the TLB.
  if (bytes >= kHugePage) madvise(data, size / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
  return data;
#endif
}

void release(void* data) {
#if defined(_WIN32)
  _aligned_free(data);
#else
  std::free(data);
#endif
}

void give_pages_back(void* data, std::size_t bytes) {
#if defined(__linux__)
  // Runtimes free a detached buffer only when their event loop turns.
  if (bytes >= kHugePage) madvise(data, bytes / kHugePage * kHugePage, MADV_DONTNEED);
#else
  (void)data;
  (void)bytes;
#endif
}

void* scratch(std::size_t bytes) {
  static thread_local Scratch kept;
  return kept.at_least(bytes);
}

void* task_scratch(std::size_t bytes) {
  static thread_local Scratch kept;
  return kept.at_least(bytes);
}

}  // namespace nerfseg
