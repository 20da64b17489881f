// Rows by index, segments, the point encoder, rays.
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
  a.require(indices_within(s.order, used, s.rows, 0) && indices_within(s.segment_of, s.rows, s.count),
            "an index is not a row or segment");
  return s;
}

/** What encodePoints and its gradient share. */
struct EncoderArguments {
  PointEncoder e{};
  std::vector<EncoderLayer> layers;
  /** Whether there is room for the rows of every layer but the last (which has no address where there are no rows). */
  bool has_hidden = false;
};

/**
 * (rows, segments, layers, widths, offsets, order, epsilon, x, parameters, statistics, number of hidden, hidden): widths
 * [layers + 1]; of each layer gamma, beta, w, bias, and mean, variance; hidden: of each but the last its rows, or none
 */
void read_encoder(Args& a, EncoderArguments& to) {
  PointEncoder& e = to.e;
  e.rows = a.size();
  e.segments = a.size();
  e.layers = a.size();
  a.require(e.layers > 0 && e.layers < 64, "expected 1 to 63 layers");
  const int32_t* widths = a.ints(a.ok() ? e.layers + 1 : 0);
  for (int64_t i = 0; a.ok() && i <= e.layers; i++) a.require(widths[i] > 0, "a layer has no width");
  e.offsets = a.ints(e.segments + 1);
  e.order = a.ints(e.rows);
  e.epsilon = static_cast<float>(a.number());
  if (!a.ok()) return;
  a.require(offsets_valid(e.offsets, e.segments, e.rows) && e.offsets[e.segments] == e.rows,
            "the offsets do not ascend to the number of rows");
  for (int64_t r = 0; a.ok() && r < e.rows; r++)
    if (e.order[r] < 0 || e.order[r] >= e.rows) a.reject("an index is not a row");
  e.x = a.floats(a.ok() ? e.rows * widths[0] : 0);
  const std::vector<Floats> parameters = a.float_lists(e.layers * 4), statistics = a.float_lists(e.layers * 2);
  const std::vector<Floats> hidden = a.float_lists(a.size());
  if (!a.ok()) return;
  to.has_hidden = static_cast<int64_t>(hidden.size()) == e.layers - 1;
  a.require(to.has_hidden || hidden.empty(), "a layer has no room for its rows");
  for (int64_t i = 0; a.ok() && i < e.layers; i++) {
    EncoderLayer l{};
    l.depth = widths[i];
    l.columns = widths[i + 1];
    const std::size_t at = static_cast<std::size_t>(i);
    const Floats *p = &parameters[at * 4], *s = &statistics[at * 2];
    a.require(p[0].length >= l.depth && p[1].length >= l.depth && p[2].length >= l.depth * l.columns &&
                  p[3].length >= l.columns && s[0].length >= l.depth && s[1].length >= l.depth,
              "a parameter is too short");
    l.gamma = p[0].data;
    l.beta = p[1].data;
    l.w = p[2].data;
    l.bias = p[3].data;
    l.mean = s[0].data;
    l.variance = s[1].data;
    if (at < hidden.size()) {
      a.require(hidden[at].length >= e.rows * l.columns, "a layer's rows are too short");
      l.hidden = hidden[at].data;
    }
    to.layers.push_back(l);
  }
  e.layer = to.layers.data();
}

/** (encoder..., training, y, best): best in training only */
napi_value encode_points(napi_env env, napi_callback_info info) {
  Args a(env, info, "encodePoints");
  EncoderArguments arguments;
  read_encoder(a, arguments);
  PointEncoder& e = arguments.e;
  if (!a.ok()) return nullptr;
  const int64_t size = e.segments * arguments.layers.back().columns;
  const bool training = a.flag();
  e.y = a.floats(size);
  e.best = training ? a.ints(size) : nullptr;
  a.require(!training || arguments.has_hidden, "training needs room for every layer's rows");
  if (!a.ok()) return nullptr;
  float* scratch = a.scratch<float>(kernels().encode_points_scratch(e));
  if (scratch) kernels().encode_points(e, training, scratch);
  return nullptr;
}

/** (encoder..., best, dy, gradients, room): of each layer dgamma, dbeta, dw, dbias; of each but the first [rows, depth] */
napi_value encode_points_gradient(napi_env env, napi_callback_info info) {
  Args a(env, info, "encodePointsGradient");
  EncoderArguments arguments;
  read_encoder(a, arguments);
  PointEncoder& e = arguments.e;
  if (!a.ok()) return nullptr;
  const int64_t size = e.segments * arguments.layers.back().columns;
  e.best = a.ints(size);
  const float* dy = a.floats(size);
  const std::vector<Floats> gradients = a.float_lists(e.layers * 4), room = a.float_lists(e.layers - 1);
  a.require(arguments.has_hidden, "the gradient needs every layer's rows");
  std::vector<float*> reached{nullptr};
  for (std::size_t i = 0; a.ok() && i < arguments.layers.size(); i++) {
    EncoderLayer& l = arguments.layers[i];
    const Floats* g = &gradients[i * 4];
    a.require(g[0].length >= l.depth && g[1].length >= l.depth && g[2].length >= l.depth * l.columns &&
                  g[3].length >= l.columns,
              "a gradient is too short");
    l.dgamma = g[0].data;
    l.dbeta = g[1].data;
    l.dw = g[2].data;
    l.dbias = g[3].data;
    if (i == 0) continue;
    a.require(room[i - 1].length >= e.rows * l.depth, "the room for a gradient is too short");
    reached.push_back(room[i - 1].data);
  }
  if (!a.ok()) return nullptr;
  float* scratch = a.scratch<float>(kernels().encode_points_gradient_scratch(e));
  if (scratch) kernels().encode_points_gradient(e, dy, reached.data(), scratch);
  return nullptr;
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
  define(env, exports, "encodePoints", encode_points);
  define(env, exports, "encodePointsGradient", encode_points_gradient);
  define(env, exports, "segmentMax", segment_max);
  define(env, exports, "segmentMaxGradient", segment_max_gradient);
  define(env, exports, "segmentMean", segment_mean);
  define(env, exports, "segmentMeanGradient", segment_mean_gradient);
  define(env, exports, "compositeRays", composite_rays);
  define(env, exports, "compositeRaysGradient", composite_rays_gradient);
}

}  // namespace nerfseg
