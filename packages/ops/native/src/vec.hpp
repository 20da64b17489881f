// One vector type per instruction set, on top of the compilers' vector extensions: kernels are written once against
// V (floats), VI (ints) and W (lanes). Included only by isa_*.cpp, inside that file's own namespace, so that no code
// compiled for a wide instruction set can be picked by the linker for a machine without it; for the same reason no
// standard library template is used in the kernels.
#pragma once

static constexpr int W = NERFSEG_LANES;
typedef float V __attribute__((vector_size(NERFSEG_LANES * 4), may_alias));
typedef int32_t VI __attribute__((vector_size(NERFSEG_LANES * 4), may_alias));
typedef float VU __attribute__((vector_size(NERFSEG_LANES * 4), aligned(4), may_alias));
typedef int32_t VIU __attribute__((vector_size(NERFSEG_LANES * 4), aligned(4), may_alias));

#if defined(__clang__)
#define NERFSEG_UNROLL _Pragma("clang loop unroll(full)")
#else
#define NERFSEG_UNROLL _Pragma("GCC unroll 32")
#endif

static inline V load(const float* p) { return *(const VU*)p; }
static inline VI load(const int32_t* p) { return *(const VIU*)p; }
static inline void store(float* p, V v) { *(VU*)p = v; }
static inline void store(int32_t* p, VI v) { *(VIU*)p = v; }
// x - 0 is x for every x, -0 included, and compilers see a plain broadcast.
static inline V splat(float x) { return x - V{}; }
static inline VI splat_int(int32_t x) { return x - VI{}; }

#if NERFSEG_LANES == 16 && defined(__AVX512F__)
static inline V load_part(const float* p, int lanes) {
  return (V)_mm512_maskz_loadu_ps((__mmask16)((1u << lanes) - 1), p);
}
static inline void store_part(float* p, V v, int lanes) {
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << lanes) - 1), (__m512)v);
}
#elif NERFSEG_LANES == 8 && defined(__AVX2__)
static const int32_t first_ones[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
static inline V load_part(const float* p, int lanes) {
  return (V)_mm256_maskload_ps(p, (__m256i)load(first_ones + 8 - lanes));
}
// In powers of two: masked stores are slow on AMD's cores.
static inline void store_part(float* p, V v, int lanes) {
  __m128 left = _mm256_castps256_ps128((__m256)v);
  if (lanes & 4) {
    _mm_storeu_ps(p, left);
    left = _mm256_extractf128_ps((__m256)v, 1);
    p += 4;
  }
  if (lanes & 2) {
    _mm_storel_pi((__m64*)p, left);
    left = _mm_movehl_ps(left, left);
    p += 2;
  }
  if (lanes & 1) _mm_store_ss(p, left);
}
#else
static inline V load_part(const float* p, int lanes) {
  V v = {};
  for (int i = 0; i < W; i++)
    if (i < lanes) v[i] = p[i];
  return v;
}
static inline void store_part(float* p, V v, int lanes) {
  for (int i = 0; i < W; i++)
    if (i < lanes) p[i] = v[i];
}
#endif

/** Loads `lanes` (1..W) floats, the rest zero. */
static inline V load_lanes(const float* p, int lanes) { return lanes == W ? load(p) : load_part(p, lanes); }
static inline void store_lanes(float* p, V v, int lanes) {
  if (lanes == W)
    store(p, v);
  else
    store_part(p, v, lanes);
}

static inline VI load_lanes(const int32_t* p, int lanes) {
  if (lanes == W) return load(p);
#if NERFSEG_LANES == 8 && defined(__AVX2__)
  return (VI)_mm256_maskload_epi32(p, (__m256i)load(first_ones + 8 - lanes));
#endif
  VI v = {};
  for (int i = 0; i < lanes; i++) v[i] = p[i];
  return v;
}
static inline void store_lanes(int32_t* p, VI v, int lanes) {
  if (lanes == W)
    store(p, v);
  else
    for (int i = 0; i < lanes; i++) p[i] = v[i];
}

/** The first `lanes` of v, the rest zero. */
static inline V first_lanes(V v, int lanes) {
#if NERFSEG_LANES == 16 && defined(__AVX512F__)
  return (V)_mm512_maskz_mov_ps((__mmask16)((1u << lanes) - 1), (__m512)v);
#elif NERFSEG_LANES == 8 && defined(__AVX2__)
  return (V)((VI)v & load(first_ones + 8 - lanes));
#else
  for (int i = lanes; i < W; i++) v[i] = 0;
  return v;
#endif
}

static inline V vmax(V a, V b) { return a > b ? a : b; }
static inline V vmin(V a, V b) { return a < b ? a : b; }
/** Keeps NaN of x, as JavaScript's comparisons do. */
static inline V leaky(V x, float slope) { return x < V{} ? x * slope : x; }
static inline VI as_int(V v) { return (VI)v; }
static inline V as_float(VI v) { return (V)v; }

// In a tree: one lane after another would wait for each addition, longer than the rest of a short row takes.
static inline float sum_lanes(V v) {
#if NERFSEG_LANES == 16 && defined(__AVX512F__)
  return _mm512_reduce_add_ps((__m512)v);
#else
  float a[W];
  __builtin_memcpy(a, &v, sizeof a);
  NERFSEG_UNROLL
  for (int n = W / 2; n > 0; n /= 2) {
    NERFSEG_UNROLL
    for (int i = 0; i < n; i++) a[i] += a[i + n];
  }
  return a[0];
#endif
}
static inline float max_lanes(V v) {
  float a[W];
  __builtin_memcpy(a, &v, sizeof a);
  NERFSEG_UNROLL
  for (int n = W / 2; n > 0; n /= 2) {
    NERFSEG_UNROLL
    for (int i = 0; i < n; i++) a[i] = a[i] < a[i + n] ? a[i + n] : a[i];
  }
  return a[0];
}

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

/** Runs body(i) for i < count on the pool. */
template <class Body>
static inline void parallel(int64_t count, Body body) {
  run_tasks(
      count, [](void* context, int64_t i) { (*(Body*)context)(i); }, &body);
}

/** Runs body(begin, end) over fixed-size pieces of [0, total): what is in a piece never depends on the threads. */
template <class Body>
static inline void parallel_ranges(int64_t total, int64_t piece, Body body) {
  const int64_t count = ceil_div(total, piece);
  if (count <= 1) {
    if (total > 0) body((int64_t)0, total);
    return;
  }
  parallel(count, [&](int64_t i) { body(i * piece, least(total, (i + 1) * piece)); });
}

/** e^x to about 1 ulp; overflow to infinity, underflow to 0, NaN kept. */
static inline V vexp(V x) {
  const V clamped = vmin(vmax(x, splat(-104.0f)), splat(89.0f));
  // Adding and subtracting 1.5 * 2^23 rounds to the nearest integer.
  const V magic = splat(12582912.0f);
  const V shifted = clamped * 1.44269504088896341f + magic;
  const V n = shifted - magic;
  V r = clamped - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  V p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  // 2^n in two halves, so that results near the ends of the range stay exact.
  const VI whole = as_int(shifted) - as_int(magic);
  const VI half = whole >> 1;
  const V a = as_float((half + 127) << 23);
  const V b = as_float((whole - half + 127) << 23);
  V y = p * a * b;
  y = x > splat(88.8f) ? splat(__builtin_inff()) : y;
  y = x < splat(-103.97f) ? V{} : y;
  return x == x ? y : x;
}

/** Natural logarithm; -infinity at 0, NaN below. */
static inline V vlog(V x) {
  const VI tiny = x < splat(1.17549435e-38f);
  const V scaled = tiny ? x * 8388608.0f : x;
  const VI bits = as_int(scaled);
  VI exponent = ((bits >> 23) & 255) - 126;
  V m = as_float((bits & 0x007fffff) | 0x3f000000);
  const VI low = m < splat(0.707106781186547524f);
  exponent = exponent + (low & -1) - (tiny & 23);
  m = low ? m + m : m;
  m = m - 1.0f;
  const V e = __builtin_convertvector(exponent, V);
  const V z = m * m;
  V p = splat(7.0376836292e-2f);
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  V y = p * m * z + e * -2.12194440e-4f;
  y = y - z * 0.5f;
  y = m + y + e * 0.693359375f;
  y = x == splat(__builtin_inff()) ? x : y;
  y = x == V{} ? splat(-__builtin_inff()) : y;
  y = x < V{} ? splat(__builtin_nanf("")) : y;
  return x == x ? y : x;
}

static inline V vsigmoid(V x) { return 1.0f / (1.0f + vexp(-x)); }
