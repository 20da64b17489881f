// Rows by index, segments, rays.
#include "args.hpp"

namespace nerfseg {
namespace {

/** (rows, columns, samples, corners, indices, weights|null, x, y) */
napi_value gather_rows(napi_env env, napi_callback_info info) {
  Args a(env, info, "gatherRows");
  const int64_t rows = a.size(), columns = a.size(), samples = a.size(), corners = a.size();
  const int32_t* indices = a.ints(samples * corners);
  const float* weights = a.optional_floats(samples * corners);
  const float* x = a.floats(rows * columns);
  float* y = a.floats(samples * columns);
  if (!a.ok()) return nullptr;
  a.require(indices_within(indices, samples * corners, rows), "an index is not a row");
  if (a.ok()) kernels().gather_rows(x, columns, indices, weights, corners, samples, y);
  return nullptr;
}

/** (rows, columns, samples, corners, indices, weights|null, dy, dx) */
napi_value scatter_add(napi_env env, napi_callback_info info) {
  Args a(env, info, "scatterAdd");
  const int64_t rows = a.size(), columns = a.size(), samples = a.size(), corners = a.size();
  const int64_t entries = samples * corners;
  const int32_t* indices = a.ints(entries);
  const float* weights = a.optional_floats(entries);
  const float* dy = a.floats(samples * columns);
  float* dx = a.floats(rows * columns);
  if (!a.ok()) return nullptr;
  a.require(indices_within(indices, entries, rows), "an index is not a row");
  if (!a.ok()) return nullptr;
  int32_t* scratch = a.scratch<int32_t>(kernels().scatter_scratch(entries));
  if (scratch) kernels().scatter_add(dy, columns, indices, weights, corners, entries, rows, dx, scratch);
  return nullptr;
}

/** (rows, count, columns, offsets, order, segmentOf) */
Segments read_segments(Args& a) {
  Segments s{};
  s.rows = a.size();
  s.count = a.size();
  s.columns = a.size();
  s.offsets = a.ints(s.count + 1);
  const int64_t used = a.ok() ? s.offsets[s.count] : 0;
  s.order = a.ints(used);
  s.segment_of = a.ints(s.rows);
  if (!a.ok()) return s;
  a.require(offsets_valid(s.offsets, s.count, s.rows), "the offsets do not ascend");
  if (!a.ok()) return s;
  a.require(indices_within(s.order, used, s.rows) && indices_within(s.segment_of, s.rows, s.count),
            "an index is not a row or segment");
  return s;
}

/** (segments..., x, y) */
napi_value segment_max(napi_env env, napi_callback_info info) {
  Args a(env, info, "segmentMax");
  const Segments s = read_segments(a);
  const float* x = a.floats(s.rows * s.columns);
  float* y = a.floats(s.count * s.columns);
  if (a.ok()) kernels().segment_max(s, x, y);
  return nullptr;
}

/** (segments..., x, y, dy, dx) */
napi_value segment_max_gradient(napi_env env, napi_callback_info info) {
  Args a(env, info, "segmentMaxGradient");
  const Segments s = read_segments(a);
  const float* x = a.floats(s.rows * s.columns);
  const float* y = a.floats(s.count * s.columns);
  const float* dy = a.floats(s.count * s.columns);
  float* dx = a.floats(s.rows * s.columns);
  if (a.ok()) kernels().segment_max_gradient(s, x, y, dy, dx);
  return nullptr;
}

/** (segments..., x, y) */
napi_value segment_mean(napi_env env, napi_callback_info info) {
  Args a(env, info, "segmentMean");
  const Segments s = read_segments(a);
  const float* x = a.floats(s.rows * s.columns);
  float* y = a.floats(s.count * s.columns);
  if (a.ok()) kernels().segment_mean(s, x, y);
  return nullptr;
}

/** (segments..., dy, dx) */
napi_value segment_mean_gradient(napi_env env, napi_callback_info info) {
  Args a(env, info, "segmentMeanGradient");
  const Segments s = read_segments(a);
  const float* dy = a.floats(s.count * s.columns);
  float* dx = a.floats(s.rows * s.columns);
  if (a.ok()) kernels().segment_mean_gradient(s, dy, dx);
  return nullptr;
}

/** (rays, samples, classes, offsets, t, delta) */
Rays read_rays(Args& a) {
  Rays r{};
  r.count = a.size();
  r.samples = a.size();
  r.classes = a.size();
  r.offsets = a.ints(r.count + 1);
  r.t = a.floats(r.samples);
  r.delta = a.floats(r.samples);
  if (!a.ok()) return r;
  a.require(offsets_valid(r.offsets, r.count, r.samples) && r.offsets[r.count] == r.samples,
            "the ray offsets do not ascend to the number of samples");
  return r;
}

/** (rays..., density, values, out, opacity, depth, weights) */
napi_value composite_rays(napi_env env, napi_callback_info info) {
  Args a(env, info, "compositeRays");
  const Rays r = read_rays(a);
  const float* density = a.floats(r.samples);
  const float* values = a.floats(r.samples * r.classes);
  float* out = a.floats(r.count * r.classes);
  float* opacity = a.floats(r.count);
  float* depth = a.floats(r.count);
  float* weights = a.floats(r.samples);
  if (a.ok()) kernels().composite_rays(r, density, values, out, opacity, depth, weights);
  return nullptr;
}

/** (rays..., density, values, weights, dy, dOpacity, dDepth, dWeights, dDensity, dValues) */
napi_value composite_rays_gradient(napi_env env, napi_callback_info info) {
  Args a(env, info, "compositeRaysGradient");
  const Rays r = read_rays(a);
  const float* density = a.floats(r.samples);
  const float* values = a.floats(r.samples * r.classes);
  const float* weights = a.floats(r.samples);
  const float* dy = a.floats(r.count * r.classes);
  const float* d_opacity = a.floats(r.count);
  const float* d_depth = a.floats(r.count);
  const float* d_weights = a.floats(r.samples);
  float* d_density = a.floats(r.samples);
  float* d_values = a.floats(r.samples * r.classes);
  if (a.ok())
    kernels().composite_rays_gradient(r, density, values, weights, dy, d_opacity, d_depth, d_weights, d_density,
                                      d_values);
  return nullptr;
}

}  // namespace

void define_rows(napi_env env, napi_value exports) {
  define(env, exports, "gatherRows", gather_rows);
  define(env, exports, "scatterAdd", scatter_add);
  define(env, exports, "segmentMax", segment_max);
  define(env, exports, "segmentMaxGradient", segment_max_gradient);
  define(env, exports, "segmentMean", segment_mean);
  define(env, exports, "segmentMeanGradient", segment_mean_gradient);
  define(env, exports, "compositeRays", composite_rays);
  define(env, exports, "compositeRaysGradient", composite_rays_gradient);
}

}  // namespace nerfseg
