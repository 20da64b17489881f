// Reads the arguments of a call from JavaScript. Lengths are checked here, once, so that a wrong shape is a RangeError
// and never a stray write; typed arrays are used in place.
#pragma once
#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "../isa.hpp"
#include "../memory.hpp"

namespace nerfseg {

/** A typed array of a list. */
template <class T>
struct Listed {
  T* data;
  int64_t length;
};
using Floats = Listed<float>;
using Ints = Listed<int32_t>;

class Args {
 public:
  Args(napi_env env, napi_callback_info info, const char* name) : env_(env), name_(name) {
    count_ = kMax;
    napi_get_cb_info(env, info, &count_, values_, nullptr, nullptr);
  }

  bool ok() const { return ok_; }
  napi_env env() const { return env_; }

  /** The next argument, a Float32Array of at least `length` elements. */
  float* floats(int64_t length) { return static_cast<float*>(typed(napi_float32_array, length, false)); }
  /** The same, or null for null and undefined. */
  float* optional_floats(int64_t length) { return static_cast<float*>(typed(napi_float32_array, length, true)); }
  int32_t* ints(int64_t length) { return static_cast<int32_t*>(typed(napi_int32_array, length, false)); }
  uint8_t* bytes(int64_t length) { return static_cast<uint8_t*>(typed(napi_uint8_array, length, false)); }

  /** The next argument, an array of `count` Float32Arrays; empty where it is not. */
  std::vector<Floats> float_lists(int64_t count) { return typed_lists<float>(count, napi_float32_array); }
  std::vector<Ints> int_lists(int64_t count) { return typed_lists<int32_t>(count, napi_int32_array); }
  /** The next argument, an array of `count` numbers, rounded to float. */
  std::vector<float> number_list(int64_t count) {
    std::vector<float> found;
    list(count, [&](napi_value value) {
      double number = 0;
      const bool is_number = napi_get_value_double(env_, value, &number) == napi_ok;
      found.push_back(static_cast<float>(number));
      return is_number;
    });
    return found;
  }

  double number() {
    double value = 0;
    if (ok_ && (next_ >= count_ || napi_get_value_double(env_, values_[next_], &value) != napi_ok))
      fail("a number", 0);
    next_++;
    return value;
  }
  /** A count: an integer, not negative. */
  int64_t size() {
    const double value = number();
    if (ok_ && !(value >= 0 && value <= 9007199254740991.0)) {
      next_--;
      fail("a count", 0);
      next_++;
    }
    return static_cast<int64_t>(value);
  }
  int integer() { return static_cast<int>(number()); }
  bool flag() { return number() != 0; }

  /** Throws RangeError(message) and makes ok() false. */
  void reject(const char* message) {
    if (!ok_) return;
    ok_ = false;
    char text[256];
    std::snprintf(text, sizeof(text), "%s: %s", name_, message);
    napi_throw_range_error(env_, nullptr, text);
  }
  void require(bool condition, const char* message) {
    if (!condition) reject(message);
  }

  /** Scratch for the kernel; rejects when there is no memory. */
  template <class T>
  T* scratch(int64_t count) {
    T* data = static_cast<T*>(nerfseg::scratch(static_cast<std::size_t>(count) * sizeof(T)));
    if (!data) reject("out of memory");
    return data;
  }

 private:
  static constexpr std::size_t kMax = 32;

  template <class T>
  std::vector<Listed<T>> typed_lists(int64_t count, napi_typedarray_type wanted) {
    std::vector<Listed<T>> found;
    list(count, [&](napi_value value) {
      napi_typedarray_type type;
      std::size_t length = 0;
      void* data = nullptr;
      bool is_typed = false;
      napi_is_typedarray(env_, value, &is_typed);
      if (!is_typed) return false;
      napi_get_typedarray_info(env_, value, &type, &length, &data, nullptr, nullptr);
      found.push_back({static_cast<T*>(data), static_cast<int64_t>(length)});
      return type == wanted;
    });
    return found;
  }

  /** Visits the elements of the next argument, an array of `count`; a false answer rejects it. */
  template <class Visit>
  void list(int64_t count, Visit visit) {
    if (!ok_) return;
    bool is_array = false;
    if (next_ < count_) napi_is_array(env_, values_[next_], &is_array);
    uint32_t length = 0;
    if (is_array) napi_get_array_length(env_, values_[next_], &length);
    bool good = is_array && static_cast<int64_t>(length) == count;
    for (uint32_t i = 0; good && i < length; i++) {
      napi_handle_scope scope;
      napi_open_handle_scope(env_, &scope);
      napi_value value;
      good = napi_get_element(env_, values_[next_], i, &value) == napi_ok && visit(value);
      napi_close_handle_scope(env_, scope);
    }
    if (!good) fail("an array of the right elements", count);
    next_++;
  }

  void* typed(napi_typedarray_type wanted, int64_t least, bool optional) {
    if (!ok_) return nullptr;
    if (next_ >= count_) {
      fail("more arguments", 0);
      return nullptr;
    }
    const napi_value value = values_[next_];
    bool is_typed = false;
    napi_is_typedarray(env_, value, &is_typed);
    if (!is_typed) {
      napi_valuetype type;
      napi_typeof(env_, value, &type);
      if (!optional || (type != napi_null && type != napi_undefined)) fail("a typed array", least);
      next_++;
      return nullptr;
    }
    napi_typedarray_type type;
    std::size_t length = 0;
    void* data = nullptr;
    napi_get_typedarray_info(env_, value, &type, &length, &data, nullptr, nullptr);
    if (type != wanted || static_cast<int64_t>(length) < least) fail("a typed array of the right type", least);
    next_++;
    return data;
  }

  void fail(const char* what, int64_t length) {
    char text[160];
    std::snprintf(text, sizeof(text), "argument %d: expected %s (at least %lld elements)", static_cast<int>(next_),
                  what, static_cast<long long>(length));
    reject(text);
  }

  napi_env env_;
  const char* name_;
  napi_value values_[kMax];
  std::size_t count_ = 0;
  std::size_t next_ = 0;
  bool ok_ = true;
};

/** Makes `function` a property of exports. */
inline void define(napi_env env, napi_value exports, const char* name, napi_callback function) {
  napi_value value;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
  napi_set_named_property(env, exports, name, value);
}

inline napi_value to_number(napi_env env, double number) {
  napi_value value;
  napi_create_double(env, number, &value);
  return value;
}

/** Whether every index is a row, or -1 where `least` allows it. */
inline bool indices_within(const int32_t* indices, int64_t count, int64_t rows, int32_t least = -1) {
  int32_t low = 0, high = -1;
  for (int64_t i = 0; i < count; i++) {
    low = indices[i] < low ? indices[i] : low;
    high = indices[i] > high ? indices[i] : high;
  }
  return low >= least && high < rows;
}

/** Whether offsets ascend from 0 to `total`. */
inline bool offsets_valid(const int32_t* offsets, int64_t count, int64_t total) {
  if (offsets[0] != 0 || offsets[count] > total) return false;
  for (int64_t i = 0; i < count; i++)
    if (offsets[i + 1] < offsets[i]) return false;
  return true;
}

void define_engine(napi_env env, napi_value exports);
void define_maps(napi_env env, napi_value exports);
void define_products(napi_env env, napi_value exports);
void define_rows(napi_env env, napi_value exports);
void define_layers(napi_env env, napi_value exports);
void define_elementwise(napi_env env, napi_value exports);

}  // namespace nerfseg
