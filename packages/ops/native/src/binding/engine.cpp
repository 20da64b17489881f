// Threads, instruction sets, memory.
#include <thread>

#include "../thread_pool.hpp"
#include "args.hpp"

namespace nerfseg {
namespace {

/** threads(count): sets (0: leaves) and returns how many threads take part. */
napi_value threads(napi_env env, napi_callback_info info) {
  Args a(env, info, "threads");
  const int64_t count = a.size();
  if (!a.ok()) return nullptr;
  if (count > 0) set_thread_count(static_cast<int>(count < 256 ? count : 256));
  return to_number(env, thread_count());
}

/** isas(): names of the usable instruction sets, best first. */
napi_value isas(napi_env env, napi_callback_info) {
  napi_value list;
  napi_create_array(env, &list);
  for (int i = 0; usable_isa(i); i++) {
    napi_value name;
    napi_create_string_utf8(env, usable_isa(i), NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, list, static_cast<uint32_t>(i), name);
  }
  return list;
}

/** isa(name or ''): chooses one; returns the one in use. */
napi_value isa(napi_env env, napi_callback_info info) {
  std::size_t count = 1;
  napi_value argument;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  char name[32] = "";
  std::size_t length = 0;
  if (count > 0) napi_get_value_string_utf8(env, argument, name, sizeof(name), &length);
  if (length > 0 && !use_isa(name)) {
    napi_throw_range_error(env, nullptr, "isa: not usable on this machine");
    return nullptr;
  }
  napi_value result;
  napi_create_string_utf8(env, kernels().name, NAPI_AUTO_LENGTH, &result);
  return result;
}

/** allocate(bytes): an ArrayBuffer over aligned memory, not cleared. */
napi_value allocate_buffer(napi_env env, napi_callback_info info) {
  Args a(env, info, "allocate");
  const int64_t bytes = a.size();
  if (!a.ok()) return nullptr;
  napi_value buffer;
  void* data = allocate(static_cast<std::size_t>(bytes));
  if (!data) {
    a.reject("out of memory");
    return nullptr;
  }
  const napi_status status = napi_create_external_arraybuffer(
      env, data, static_cast<std::size_t>(bytes), [](napi_env, void* memory, void*) { release(memory); }, nullptr,
      &buffer);
  if (status == napi_ok) return buffer;
  // Larger than a buffer may be: an error is on its way, and the memory was given back before it.
  bool thrown = false;
  napi_is_exception_pending(env, &thrown);
  if (thrown) return nullptr;
  // Runtimes with a memory cage refuse external memory: theirs will do.
  release(data);
  napi_create_arraybuffer(env, static_cast<std::size_t>(bytes), &data, &buffer);
  return buffer;
}

/** release(buffer): gives an ArrayBuffer's memory back now instead of when it is collected; the buffer is left empty. */
napi_value release_buffer(napi_env env, napi_callback_info info) {
  std::size_t count = 1;
  napi_value buffer;
  napi_get_cb_info(env, info, &count, &buffer, nullptr, nullptr);
  void* data = nullptr;
  std::size_t bytes = 0;
  if (count == 0 || napi_get_arraybuffer_info(env, buffer, &data, &bytes) != napi_ok) return nullptr;
  if (napi_detach_arraybuffer(env, buffer) == napi_ok) give_pages_back(data, bytes);
  return nullptr;
}

}  // namespace

void define_engine(napi_env env, napi_value exports) {
  define(env, exports, "threads", threads);
  define(env, exports, "isas", isas);
  define(env, exports, "isa", isa);
  define(env, exports, "allocate", allocate_buffer);
  define(env, exports, "release", release_buffer);
}

}  // namespace nerfseg
