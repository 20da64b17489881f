// AdamW (Loshchilov & Hutter 2019): decoupled weight decay, new values written beside the old ones.
#pragma once

static void adamw(const AdamWStep& s, int64_t count, const float* p, const float* g, const float* m, const float* v,
                  float* new_p, float* new_m, float* new_v) {
  parallel_ranges(count, 32768, [&](int64_t i0, int64_t i1) {
    for (int64_t i = i0; i < i1; i += W) {
      const int lanes = (int)least(W, i1 - i);
      const V gradient = load_lanes(g + i, lanes);
      const V value = load_lanes(p + i, lanes);
      const V first = load_lanes(m + i, lanes) * s.beta1 + gradient * (1 - s.beta1);
      const V second = load_lanes(v + i, lanes) * s.beta2 + gradient * gradient * (1 - s.beta2);
      V root = second * (1 / s.correction2);
      for (int k = 0; k < W; k++) root[k] = __builtin_sqrtf(root[k]);
      const V update = first * (1 / s.correction1) / (root + s.epsilon);
      store_lanes(new_p + i, value - (update + value * s.weight_decay) * s.learning_rate, lanes);
      store_lanes(new_m + i, first, lanes);
      store_lanes(new_v + i, second, lanes);
    }
  });
}
