#include "isa.hpp"

#include <cstring>

namespace nerfseg {

#if defined(__x86_64__)
namespace avx512 {
extern const Kernels table;
}
namespace avx2 {
extern const Kernels table;
}
#elif defined(__aarch64__)
namespace neon {
extern const Kernels table;
}
#endif
namespace scalar {
extern const Kernels table;
}

namespace {

struct Candidate {
  const Kernels* table;
  bool usable;
};

/** Best first. The checks include the operating system's support for the wider registers. */
const Candidate* candidates(int* count) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  static const Candidate list[] = {
      {&avx512::table, __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")},
      {&avx2::table, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")},
      {&scalar::table, true},
  };
#elif defined(__aarch64__)
  static const Candidate list[] = {{&neon::table, true}, {&scalar::table, true}};
#else
  static const Candidate list[] = {{&scalar::table, true}};
#endif
  *count = sizeof(list) / sizeof(list[0]);
  return list;
}

const Kernels*& current() {
  static const Kernels* table = nullptr;
  return table;
}

}  // namespace

const char* usable_isa(int index) {
  int count;
  const Candidate* list = candidates(&count);
  for (int i = 0; i < count; i++)
    if (list[i].usable && index-- == 0) return list[i].table->name;
  return nullptr;
}

bool use_isa(const char* name) {
  int count;
  const Candidate* list = candidates(&count);
  for (int i = 0; i < count; i++) {
    if (!list[i].usable || std::strcmp(list[i].table->name, name) != 0) continue;
    current() = list[i].table;
    return true;
  }
  return false;
}

const Kernels& kernels() {
  if (!current()) use_isa(usable_isa(0));
  return *current();
}

}  // namespace nerfseg
