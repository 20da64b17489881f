// Softmax cross-entropy with row weights, and the Lovasz-softmax loss with its sort. Label 0 is ignored.
#pragma once

static constexpr int64_t kLossPiece = 1024;

static inline float row_max(const float* row, int64_t columns) {
  V m = splat(-__builtin_inff());
  for (int64_t j = 0; j + W <= columns; j += W) m = vmax(load(row + j), m);
  float best = max_lanes(m);
  for (int64_t j = columns / W * W; j < columns; j++) best = row[j] > best ? row[j] : best;
  return best;
}

/** Sum of e^(x - shift); the exponentials are written to `out` where it is not null. */
static inline float row_exp(const float* row, int64_t columns, float shift, float* out) {
  V sum = {};
  for (int64_t j = 0; j < columns; j += W) {
    const int lanes = (int)least(W, columns - j);
    const V e = vexp(load_lanes(row + j, lanes) - shift);
    if (out) store_lanes(out + j, e, lanes);
    sum += first_lanes(e, lanes);
  }
  return sum_lanes(sum);
}

/** Two doubles per piece: weighted loss and weight. */
static int64_t cross_entropy_scratch(int64_t rows) { return 2 * ceil_div(rows, kLossPiece); }

static void cross_entropy(const float* logits, int64_t rows, int64_t classes, const uint8_t* labels,
                          const float* row_weights, float* loss, double* weight_sum, double* scratch) {
  parallel_ranges(rows, kLossPiece, [&](int64_t r0, int64_t r1) {
    double sum = 0, weight = 0;
    for (int64_t r = r0; r < r1; r++) {
      if (!labels[r]) continue;
      const float* row = logits + r * classes;
      const float shift = row_max(row, classes);
      const float total = row_exp(row, classes, shift, nullptr);
      const double w = row_weights ? row_weights[r] : 1.0;
      sum += w * (double)(vlog(splat(total))[0] + shift - row[labels[r]]);
      weight += w;
    }
    scratch[r0 / kLossPiece * 2] = sum;
    scratch[r0 / kLossPiece * 2 + 1] = weight;
  });
  double sum = 0, weight = 0;
  for (int64_t p = 0; p < ceil_div(rows, kLossPiece); p++) {
    sum += scratch[p * 2];
    weight += scratch[p * 2 + 1];
  }
  *loss = weight > 0 ? (float)(sum / weight) : 0;
  *weight_sum = weight;
}

static void cross_entropy_gradient(const float* logits, int64_t rows, int64_t classes, const uint8_t* labels,
                                   const float* row_weights, float dy, double weight_sum, float* dlogits) {
  parallel_ranges(rows, kLossPiece, [&](int64_t r0, int64_t r1) {
    for (int64_t r = r0; r < r1; r++) {
      float* out = dlogits + r * classes;
      if (!labels[r] || !(weight_sum > 0)) {
        __builtin_memset(out, 0, classes * sizeof(float));
        continue;
      }
      const float* row = logits + r * classes;
      const float factor = (float)((row_weights ? row_weights[r] : 1.0) * dy / weight_sum);
      const float total = row_exp(row, classes, row_max(row, classes), out);
      for (int64_t j = 0; j < classes; j++) out[j] *= factor / total;
      out[labels[r]] -= factor;
    }
  });
}

/** Stable radix sort of (key, row), descending by key; keys are the bits of floats >= 0. Three passes of 11 bits. */
static inline void sort_descending(uint32_t* keys, int32_t* rows, uint32_t* keys2, int32_t* rows2, int64_t count) {
  uint32_t histogram[3][2048];
  __builtin_memset(histogram, 0, sizeof(histogram));
  for (int64_t i = 0; i < count; i++) {
    const uint32_t k = ~keys[i];
    histogram[0][k & 2047]++;
    histogram[1][(k >> 11) & 2047]++;
    histogram[2][k >> 22]++;
  }
  for (int pass = 0; pass < 3; pass++) {
    uint32_t total = 0;
    for (int i = 0; i < 2048; i++) {
      const uint32_t n = histogram[pass][i];
      histogram[pass][i] = total;
      total += n;
    }
    for (int64_t i = 0; i < count; i++) {
      const uint32_t at = histogram[pass][(~keys[i] >> (11 * pass)) & 2047]++;
      keys2[at] = keys[i];
      rows2[at] = rows[i];
    }
    uint32_t* k = keys;
    keys = keys2;
    keys2 = k;
    int32_t* r = rows;
    rows = rows2;
    rows2 = r;
  }
  // An odd number of passes leaves the result in the second pair.
}

/** 32-bit words of scratch for lovasz. */
static int64_t lovasz_scratch(int64_t rows, int64_t classes) { return classes * (4 * rows + 4); }

/** Berman et al. 2018: mean over present classes of the Lovasz extension of the Jaccard loss, and its gradient. */
static void lovasz(const float* probabilities, int64_t rows, int64_t classes, const uint8_t* labels, float* loss,
                   float* gradient, float* scratch) {
  int64_t size[256] = {}, labelled = 0, present = 0;
  for (int64_t r = 0; r < rows; r++) size[labels[r]]++;
  for (int64_t c = 1; c < classes; c++) {
    labelled += size[c];
    present += size[c] > 0;
  }
  parallel_ranges(rows, 4096, [&](int64_t r0, int64_t r1) {
    __builtin_memset(gradient + r0 * classes, 0, (r1 - r0) * classes * sizeof(float));
  });
  double losses[256] = {};
  parallel(classes, [&](int64_t c) {
    if (c == 0 || size[c] == 0) return;
    uint32_t* keys = (uint32_t*)scratch + c * (4 * rows + 4);
    int32_t* order = (int32_t*)keys + rows;
    uint32_t* keys2 = keys + 2 * rows;
    int32_t* order2 = (int32_t*)keys + 3 * rows;
    int64_t count = 0;
    for (int64_t r = 0; r < rows; r++) {
      if (!labels[r]) continue;
      const float p = probabilities[r * classes + c];
      const float e = labels[r] == c ? 1.0f - p : p;
      const float error = e < 0 ? -e : e;
      __builtin_memcpy(keys + count, &error, 4);
      order[count++] = (int32_t)r;
    }
    sort_descending(keys, order, keys2, order2, count);
    // Jaccard loss of the first i + 1 rows taken as wrong; the gradient is its increments.
    double sum = 0, before = 0;
    int64_t hits = 0;
    for (int64_t i = 0; i < count; i++) {
      const int64_t r = order2[i];
      const bool own = labels[r] == c;
      hits += own;
      const double jaccard = 1.0 - (double)(size[c] - hits) / (double)(size[c] + i + 1 - hits);
      const double step = jaccard - before;
      before = jaccard;
      float error;
      __builtin_memcpy(&error, keys2 + i, 4);
      sum += error * step;
      const float p = probabilities[r * classes + c];
      const float sign = own ? (p <= 1.0f ? -1.0f : 1.0f) : (p >= 0.0f ? 1.0f : -1.0f);
      gradient[r * classes + c] = (float)(sign * step / (double)present);
    }
    losses[c] = sum;
  });
  double total = 0;
  for (int64_t c = 1; c < classes; c++) total += losses[c];
  *loss = labelled && present ? (float)(total / (double)present) : 0;
}
