// Volume rendering over packed rays: alpha = 1 - exp(-density delta), weight = alpha * transmittance.
#pragma once

static constexpr int64_t kRayPiece = 32;

/** 1 - exp(-x) without cancellation: a series for thin samples. */
static inline V opacity_of(V x, V e) {
  const V series = x * (1.0f - x * (0.5f - x * (1.0f / 6 - x * (1.0f / 24 - x / 120.0f))));
  return x < splat(0.125f) ? series : 1.0f - e;
}

/** weights[i] = T_i alpha_i for the samples of one ray; `survive` (if not null) receives T_i (1 - alpha_i). */
static inline void ray_weights(const Rays& rays, const float* density, int64_t begin, int64_t end, float* weights,
                               float* survive) {
  float transmittance = 1;
  for (int64_t i = begin; i < end; i += W) {
    const int lanes = (int)least(W, end - i);
    const V x = load_lanes(density + i, lanes) * load_lanes(rays.delta + i, lanes);
    const V e = vexp(-x), alpha = opacity_of(x, e);
    for (int k = 0; k < lanes; k++) {
      weights[i - begin + k] = transmittance * alpha[k];
      if (survive) survive[i - begin + k] = transmittance * e[k];
      transmittance *= e[k];
    }
  }
}

static void composite_rays(const Rays& rays, const float* density, const float* values, float* out, float* opacity,
                           float* depth, float* weights) {
  const int64_t classes = rays.classes;
  parallel_ranges(rays.count, kRayPiece, [&](int64_t r0, int64_t r1) {
    for (int64_t r = r0; r < r1; r++) {
      const int64_t begin = rays.offsets[r], end = rays.offsets[r + 1];
      ray_weights(rays, density, begin, end, weights + begin, nullptr);
      float sum = 0, sum_t = 0;
      for (int64_t i = begin; i < end; i++) {
        sum += weights[i];
        sum_t += weights[i] * rays.t[i];
      }
      opacity[r] = sum;
      depth[r] = sum_t;
      for (int64_t j = 0; j < classes; j += W) {
        const int lanes = (int)least(W, classes - j);
        V v = {};
        for (int64_t i = begin; i < end; i++) v += load_lanes(values + i * classes + j, lanes) * weights[i];
        store_lanes(out + r * classes + j, v, lanes);
      }
    }
  });
}

static void composite_rays_gradient(const Rays& rays, const float* density, const float* values, const float* weights,
                                    const float* dy, const float* d_opacity, const float* d_depth,
                                    const float* d_weights, float* d_density, float* d_values) {
  const int64_t classes = rays.classes;
  parallel_ranges(rays.count, kRayPiece, [&](int64_t r0, int64_t r1) {
    for (int64_t r = r0; r < r1; r++) {
      const int64_t begin = rays.offsets[r], end = rays.offsets[r + 1];
      // d_density holds T_i (1 - alpha_i) until the backward sweep replaces it.
      float transmittance = 1;
      for (int64_t i = begin; i < end; i += W) {
        const int lanes = (int)least(W, end - i);
        const V e = vexp(-load_lanes(density + i, lanes) * load_lanes(rays.delta + i, lanes));
        for (int k = 0; k < lanes; k++) d_density[i + k] = transmittance *= e[k];
      }
      float later = 0;
      for (int64_t i = end - 1; i >= begin; i--) {
        V dot = {};
        for (int64_t j = 0; j < classes; j += W) {
          const int lanes = (int)least(W, classes - j);
          const V d = load_lanes(dy + r * classes + j, lanes);
          dot += d * load_lanes(values + i * classes + j, lanes);
          store_lanes(d_values + i * classes + j, d * weights[i], lanes);
        }
        const float g = sum_lanes(dot) + d_opacity[r] + d_depth[r] * rays.t[i] + d_weights[i];
        d_density[i] = rays.delta[i] * (g * d_density[i] - later);
        later += g * weights[i];
      }
    }
  });
}
