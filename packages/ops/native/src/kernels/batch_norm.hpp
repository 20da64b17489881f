// Activation and batch normalisation in one pass over memory for the statistics and one for the result.
// Statistics: every piece of rows finds its own mean and squared deviations while it is in the cache, and the pieces
// are joined in order in float64 (Chan, Golub & LeVeque 1983); sums of squares would lose small variances.
#pragma once

static int64_t batch_norm_piece(int64_t columns) { return most(1, 32768 / most(1, columns)); }

static int64_t batch_norm_scratch(int64_t rows, int64_t columns) {
  return 2 * columns * ceil_div(rows, batch_norm_piece(columns));
}

static inline V slope_at(V x, float alpha) { return x > V{} ? splat(1.0f) : splat(alpha); }

/** Mean and biased variance of all rows, from each piece's mean and squared deviations ([pieces, 2, columns]). */
static void join_moments(int64_t rows, int64_t columns, int64_t piece, const float* moments, float* mean,
                         float* variance) {
  const int64_t parts = ceil_div(rows, piece);
  parallel_ranges(columns, 16, [&](int64_t j0, int64_t j1) {
    for (int64_t j = j0; j < j1; j++) {
      double n = 0, m = 0, s = 0;
      for (int64_t p = 0; p < parts; p++) {
        const double count = (double)least(piece, rows - p * piece);
        const double delta = moments[p * columns * 2 + j] - m;
        s += moments[p * columns * 2 + columns + j] + delta * delta * n * count / (n + count);
        n += count;
        m += delta * count / n;
      }
      mean[j] = (float)m;
      variance[j] = (float)(n > 0 ? s / n : 0);
    }
  });
}

static void batch_norm_statistics(const BatchNorm& b, const float* x, float* mean, float* variance, float* scratch) {
  const int64_t piece = batch_norm_piece(b.columns), columns = b.columns;
  const float alpha = b.after ? 1.0f : b.alpha;
  parallel_ranges(b.rows, piece, [&](int64_t r0, int64_t r1) {
    float* part = scratch + r0 / piece * columns * 2;
    const float inverse = 1.0f / (float)(r1 - r0);
    for (int64_t j = 0; j < columns; j += W) {
      const int lanes = (int)least(W, columns - j);
      V sum = {}, squares = {};
      for (int64_t r = r0; r < r1; r++) sum += leaky(load_lanes(x + r * columns + j, lanes), alpha);
      const V m = sum * inverse;
      for (int64_t r = r0; r < r1; r++) {
        const V d = leaky(load_lanes(x + r * columns + j, lanes), alpha) - m;
        squares += d * d;
      }
      store_lanes(part + j, m, lanes);
      store_lanes(part + columns + j, squares, lanes);
    }
  });
  join_moments(b.rows, columns, piece, scratch, mean, variance);
}

/** y = gamma (activation(x) - mean) / sqrt(variance + epsilon) + beta, or the activation of that for `after`. */
static void batch_norm_apply(const BatchNorm& b, const float* x, const float* gamma, const float* beta,
                             const float* mean, const float* variance, float* y) {
  const int64_t columns = b.columns;
  const float inner = b.after ? 1.0f : b.alpha, outer = b.after ? b.alpha : 1.0f;
  parallel_ranges(b.rows, batch_norm_piece(columns), [&](int64_t r0, int64_t r1) {
    for (int64_t j = 0; j < columns; j += W) {
      const int lanes = (int)least(W, columns - j);
      V scale = {}, shift = {};
      for (int i = 0; i < lanes; i++) {
        scale[i] = gamma[j + i] / __builtin_sqrtf(variance[j + i] + b.epsilon);
        shift[i] = beta[j + i] - mean[j + i] * scale[i];
      }
      for (int64_t r = r0; r < r1; r++) {
        const V z = leaky(load_lanes(x + r * columns + j, lanes), inner);
        store_lanes(y + r * columns + j, leaky(z * scale + shift, outer), lanes);
      }
    }
  });
}

static void batch_norm_gradient(const BatchNorm& b, const float* x, const float* gamma, const float* beta,
                                const float* mean, const float* variance, const float* dy, float* dx, float* dgamma,
                                float* dbeta, float* scratch) {
  const int64_t columns = b.columns, piece = batch_norm_piece(columns);
  const float inner = b.after ? 1.0f : b.alpha;
  const int64_t parts = ceil_div(b.rows, piece);
  // The normalised input and the gradient that reaches it.
  struct At {
    V hat, g;
  };
  struct Column {
    V mean, inverse, gamma, beta;
  };
  const auto column_of = [&](int64_t j, int lanes) {
    Column c{};
    for (int i = 0; i < lanes; i++) {
      c.mean[i] = mean[j + i];
      c.inverse[i] = 1.0f / __builtin_sqrtf(variance[j + i] + b.epsilon);
      c.gamma[i] = gamma[j + i];
      c.beta[i] = beta[j + i];
    }
    return c;
  };
  const auto at = [&](const Column& c, V v, V d) {
    At a;
    a.hat = (leaky(v, inner) - c.mean) * c.inverse;
    a.g = b.after ? d * slope_at(c.gamma * a.hat + c.beta, b.alpha) : d;
    return a;
  };
  parallel_ranges(b.rows, piece, [&](int64_t r0, int64_t r1) {
    float* part = scratch + r0 / piece * columns * 2;
    for (int64_t j = 0; j < columns; j += W) {
      const int lanes = (int)least(W, columns - j);
      const Column c = column_of(j, lanes);
      V sum = {}, product = {};
      for (int64_t r = r0; r < r1; r++) {
        const At a = at(c, load_lanes(x + r * columns + j, lanes), load_lanes(dy + r * columns + j, lanes));
        sum += a.g;
        product += a.g * a.hat;
      }
      store_lanes(part + j, sum, lanes);
      store_lanes(part + columns + j, product, lanes);
    }
  });
  parallel_ranges(columns, 16, [&](int64_t j0, int64_t j1) {
    for (int64_t j = j0; j < j1; j++) {
      double sum = 0, product = 0;
      for (int64_t p = 0; p < parts; p++) {
        sum += scratch[p * columns * 2 + j];
        product += scratch[p * columns * 2 + columns + j];
      }
      dbeta[j] = (float)sum;
      dgamma[j] = (float)product;
    }
  });
  const float inverse_rows = b.rows ? 1.0f / (float)b.rows : 0;
  parallel_ranges(b.rows, piece, [&](int64_t r0, int64_t r1) {
    for (int64_t j = 0; j < columns; j += W) {
      const int lanes = (int)least(W, columns - j);
      const Column c = column_of(j, lanes);
      const V mean_g = load_lanes(dbeta + j, lanes) * inverse_rows;
      const V mean_gh = load_lanes(dgamma + j, lanes) * inverse_rows;
      const V scale = c.gamma * c.inverse;
      for (int64_t r = r0; r < r1; r++) {
        const V v = load_lanes(x + r * columns + j, lanes);
        const At a = at(c, v, load_lanes(dy + r * columns + j, lanes));
        const V d = scale * (a.g - mean_g - a.hat * mean_gh);
        store_lanes(dx + r * columns + j, b.after ? d : d * slope_at(v, b.alpha), lanes);
      }
    }
  });
}
