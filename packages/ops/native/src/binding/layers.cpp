// Batch normalisation, losses, the optimizer.
#include <algorithm>

#include "args.hpp"

namespace nerfseg {
namespace {

/** (rows, columns, alpha, after, epsilon) */
BatchNorm read_batch_norm(Args& a) {
  BatchNorm b{};
  b.rows = a.size();
  b.columns = a.size();
  b.alpha = static_cast<float>(a.number());
  b.after = a.flag();
  b.epsilon = static_cast<float>(a.number());
  return b;
}

/** (batchNorm..., x, gamma, beta, mean, variance, y, training): statistics are written when training, else read */
napi_value batch_norm(napi_env env, napi_callback_info info) {
  Args a(env, info, "batchNorm");
  const BatchNorm b = read_batch_norm(a);
  const float* x = a.floats(b.rows * b.columns);
  const float* gamma = a.floats(b.columns);
  const float* beta = a.floats(b.columns);
  float* mean = a.floats(b.columns);
  float* variance = a.floats(b.columns);
  float* y = a.floats(b.rows * b.columns);
  const bool training = a.flag();
  if (!a.ok()) return nullptr;
  if (training) {
    float* scratch = a.scratch<float>(kernels().batch_norm_scratch(b.rows, b.columns) + 1);
    if (!scratch) return nullptr;
    kernels().batch_norm_statistics(b, x, mean, variance, scratch);
  }
  kernels().batch_norm_apply(b, x, gamma, beta, mean, variance, y);
  return nullptr;
}

/** (batchNorm..., x, gamma, beta, mean, variance, dy, dx, dgamma, dbeta) */
napi_value batch_norm_gradient(napi_env env, napi_callback_info info) {
  Args a(env, info, "batchNormGradient");
  const BatchNorm b = read_batch_norm(a);
  const float* x = a.floats(b.rows * b.columns);
  const float* gamma = a.floats(b.columns);
  const float* beta = a.floats(b.columns);
  const float* mean = a.floats(b.columns);
  const float* variance = a.floats(b.columns);
  const float* dy = a.floats(b.rows * b.columns);
  float* dx = a.floats(b.rows * b.columns);
  float* dgamma = a.floats(b.columns);
  float* dbeta = a.floats(b.columns);
  if (!a.ok()) return nullptr;
  float* scratch = a.scratch<float>(kernels().batch_norm_scratch(b.rows, b.columns) + 1);
  if (scratch)
    kernels().batch_norm_gradient(b, x, gamma, beta, mean, variance, dy, dx, dgamma, dbeta, scratch);
  return nullptr;
}

bool labels_valid(const uint8_t* labels, int64_t rows, int64_t classes) {
  uint8_t high = 0;
  for (int64_t i = 0; i < rows; i++) high = labels[i] > high ? labels[i] : high;
  return rows == 0 || high < classes;
}

/** (rows, classes, logits, labels, rowWeights|null, loss) -> sum of weights */
napi_value cross_entropy(napi_env env, napi_callback_info info) {
  Args a(env, info, "crossEntropy");
  const int64_t rows = a.size(), classes = a.size();
  const float* logits = a.floats(rows * classes);
  const uint8_t* labels = a.bytes(rows);
  const float* weights = a.optional_floats(rows);
  float* loss = a.floats(1);
  if (!a.ok()) return nullptr;
  a.require(labels_valid(labels, rows, classes), "a label is not a class");
  if (!a.ok()) return nullptr;
  double* scratch = a.scratch<double>(kernels().cross_entropy_scratch(rows) + 1);
  double sum = 0;
  if (scratch) kernels().cross_entropy(logits, rows, classes, labels, weights, loss, &sum, scratch);
  return to_number(env, sum);
}

/** (rows, classes, logits, labels, rowWeights|null, dy, dlogits) */
napi_value cross_entropy_gradient(napi_env env, napi_callback_info info) {
  Args a(env, info, "crossEntropyGradient");
  const int64_t rows = a.size(), classes = a.size();
  const float* logits = a.floats(rows * classes);
  const uint8_t* labels = a.bytes(rows);
  const float* weights = a.optional_floats(rows);
  const float dy = static_cast<float>(a.number());
  float* dlogits = a.floats(rows * classes);
  if (!a.ok()) return nullptr;
  a.require(labels_valid(labels, rows, classes), "a label is not a class");
  if (!a.ok()) return nullptr;
  double sum = 0;
  for (int64_t r = 0; r < rows; r++)
    if (labels[r]) sum += weights ? weights[r] : 1;
  kernels().cross_entropy_gradient(logits, rows, classes, labels, weights, dy, sum, dlogits);
  return nullptr;
}

/** (rows, classes, probabilities, labels, loss, gradient) */
napi_value lovasz(napi_env env, napi_callback_info info) {
  Args a(env, info, "lovasz");
  const int64_t rows = a.size(), classes = a.size();
  const float* probabilities = a.floats(rows * classes);
  const uint8_t* labels = a.bytes(rows);
  float* loss = a.floats(1);
  float* gradient = a.floats(rows * classes);
  if (!a.ok()) return nullptr;
  a.require(classes <= 256 && labels_valid(labels, rows, classes), "a label is not a class");
  if (!a.ok()) return nullptr;
  float* scratch = a.scratch<float>(kernels().lovasz_scratch(rows, classes));
  if (scratch) kernels().lovasz(probabilities, rows, classes, labels, loss, gradient, scratch);
  return nullptr;
}

/**
 * (count, learningRate, beta1, beta2, epsilon, correction1, correction2, weightDecays [count], [p, g, m, v, ...],
 * [newP, newM, newV, ...])
 */
napi_value adamw(napi_env env, napi_callback_info info) {
  Args a(env, info, "adamW");
  const int64_t count = a.size();
  AdamWStep s;
  float* fields[] = {&s.learning_rate, &s.beta1, &s.beta2, &s.epsilon, &s.correction1, &s.correction2};
  for (float* field : fields) *field = static_cast<float>(a.number());
  const std::vector<float> decays = a.number_list(count);
  const std::vector<Floats> in = a.float_lists(count * 4), out = a.float_lists(count * 3);
  for (int64_t k = 0; k < count && a.ok(); k++) {
    const int64_t length = in[4 * k].length;
    for (int64_t i = 1; i < 4; i++) a.require(in[4 * k + i].length == length, "lengths differ");
    for (int64_t i = 0; i < 3; i++) a.require(out[3 * k + i].length == length, "lengths differ");
  }
  for (int64_t k = 0; k < count && a.ok(); k++) {
    s.weight_decay = decays[k];
    kernels().adamw(s, in[4 * k].length, in[4 * k].data, in[4 * k + 1].data, in[4 * k + 2].data, in[4 * k + 3].data,
                    out[3 * k].data, out[3 * k + 1].data, out[3 * k + 2].data);
  }
  return nullptr;
}

/** (count, terms 1|2, weights [terms * count], [x, ..., y, ...], [out, ...]) */
napi_value weighted_sums(napi_env env, napi_callback_info info) {
  Args a(env, info, "weightedSums");
  const int64_t count = a.size(), terms = a.size();
  a.require(terms == 1 || terms == 2, "one term or two");
  if (!a.ok()) return nullptr;
  const std::vector<float> weights = a.number_list(count * terms);
  const std::vector<Floats> in = a.float_lists(count * terms), out = a.float_lists(count);
  for (int64_t k = 0; k < count * terms && a.ok(); k++)
    a.require(in[k].length == out[k % count].length, "lengths differ");
  for (int64_t k = 0; k < count && a.ok(); k++) {
    const bool two = terms == 2;
    kernels().weighted_sum(out[k].length, in[k].data, weights[k], two ? in[count + k].data : nullptr,
                           two ? weights[count + k] : 0, out[k].data);
  }
  return nullptr;
}

/** (count, [x, ...], sums [count]) */
napi_value square_sums(napi_env env, napi_callback_info info) {
  Args a(env, info, "squareSums");
  const int64_t count = a.size();
  const std::vector<Floats> in = a.float_lists(count);
  float* sums = a.floats(count);
  if (!a.ok()) return nullptr;
  int64_t longest = 0;
  for (const Floats& x : in) longest = std::max(longest, x.length);
  float* scratch = a.scratch<float>(kernels().square_sum_scratch(longest));
  if (!scratch) return nullptr;
  for (int64_t k = 0; k < count; k++) kernels().square_sum(in[k].data, in[k].length, sums + k, scratch);
  return nullptr;
}

}  // namespace

void define_layers(napi_env env, napi_value exports) {
  define(env, exports, "batchNorm", batch_norm);
  define(env, exports, "batchNormGradient", batch_norm_gradient);
  define(env, exports, "crossEntropy", cross_entropy);
  define(env, exports, "crossEntropyGradient", cross_entropy_gradient);
  define(env, exports, "lovasz", lovasz);
  define(env, exports, "adamW", adamw);
  define(env, exports, "weightedSums", weighted_sums);
  define(env, exports, "squareSums", square_sums);
}

}  // namespace nerfseg
