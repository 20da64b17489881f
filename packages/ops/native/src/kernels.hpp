// What each instruction set offers: one table of functions, chosen once when the module loads.
#pragma once
#include <stdint.h>

namespace nerfseg {

/** The present (output row, tap, input row) triples of a kernel map, read in one direction. */
struct PairList {
  int64_t taps;
  /** Output rows. */
  int64_t rows;
  int64_t block_rows;
  int64_t blocks;
  /** [taps * (blocks + 1)]: pairs of tap t in block b are offsets[t * (blocks + 1) + b] to the next. */
  const int32_t* offsets;
  /** Rows read and written, per pair, by tap and then by output row. */
  const int32_t* from;
  const int32_t* to;
  /** A tap that has a pair for every output row, or -1. */
  int64_t full_tap;
};

struct BatchNorm {
  int64_t rows, columns;
  /** Slope for negative values; 1: no activation. */
  float alpha;
  /** Activation after the normalisation instead of before. */
  bool after;
  float epsilon;
};

struct Segments {
  int64_t rows, count, columns;
  /** [count + 1], and rows in order of segment. */
  const int32_t* offsets;
  const int32_t* order;
  /** [rows] segment or -1. */
  const int32_t* segment_of;
};

/** A batch norm (rectified, but for the first layer's) and a dense layer behind it. */
struct EncoderLayer {
  int64_t depth, columns;
  const float* gamma;
  const float* beta;
  /** [depth]: of the layer's input; written in training. */
  float* mean;
  float* variance;
  const float* w;
  const float* bias;
  /** [rows, columns] in order of segment: the dense layer's result. Training only, and not of the last layer. */
  float* hidden;
  float* dgamma;
  float* dbeta;
  float* dw;
  float* dbias;
};

/** Dense layers over points, and the maximum of each segment's. */
struct PointEncoder {
  /** Rows that a segment has. */
  int64_t rows, segments;
  /** [segments + 1], and rows of x in order of segment. */
  const int32_t* offsets;
  const int32_t* order;
  float epsilon;
  const float* x;
  int64_t layers;
  const EncoderLayer* layer;
  /** [segments, columns of the last layer]; 0 for a segment without rows. */
  float* y;
  /** The same: which row, in order of segment, the maximum came from, or -1. Training only. */
  int32_t* best;
};

struct Rays {
  int64_t count, samples, classes;
  /** [count + 1], metres, metres. */
  const int32_t* offsets;
  const float* t;
  const float* delta;
};

struct AdamWStep {
  float learning_rate, beta1, beta2, epsilon, weight_decay;
  /** 1 - beta^step. */
  float correction1, correction2;
};

/** One operand of a binary operation. */
struct Operand {
  const float* data;
  /** Elements between rows, and between columns (0 or 1). */
  int64_t outer;
  int inner;
};

/** What the functions do is told beside each one, in kernels/. */
struct Kernels {
  const char* name;
  void (*sparse_conv)(const PairList& pairs, const float* x, int64_t depth, const float* w, int64_t columns,
      bool transposed, const float* bias, float* y, float* packed);
  int64_t (*sparse_conv_scratch)(int64_t taps, int64_t depth, int64_t columns);
  int64_t (*weight_gradient_scratch)(int64_t taps, const int32_t* bounds, int64_t stride, int64_t depth,
      int64_t columns);
  void (*weight_gradient)(int64_t taps, const int32_t* bounds, int64_t stride, const int32_t* from,
      const int32_t* to, const float* x, int64_t depth, const float* dy, int64_t columns, float* dw,
      float* scratch);
  int64_t (*linear_scratch)(int64_t depth, int64_t columns);
  void (*linear)(const float* x, int64_t rows, int64_t depth, const float* w, int64_t columns, bool transposed,
      const float* bias, int activation, float* y, float* packed);
  int64_t (*linear_gradient_scratch)(int64_t rows, int64_t columns);
  void (*linear_gradient)(const float* y, const float* dy, int64_t rows, int64_t columns, int activation, float* dz,
      float* dbias, float* scratch);
  int64_t (*matmul_transposed_scratch)(int64_t rows, int64_t depth, int64_t columns);
  void (*matmul_transposed)(const float* x, int64_t rows, int64_t depth, const float* w, int64_t columns, float* y,
      float* scratch);
  int64_t (*batch_norm_scratch)(int64_t rows, int64_t columns);
  void (*batch_norm_statistics)(const BatchNorm& b, const float* x, float* mean, float* variance, float* scratch);
  void (*batch_norm_apply)(const BatchNorm& b, const float* x, const float* gamma, const float* beta,
      const float* mean, const float* variance, float* y);
  void (*batch_norm_gradient)(const BatchNorm& b, const float* x, const float* gamma, const float* beta,
      const float* mean, const float* variance, const float* dy, float* dx, float* dgamma, float* dbeta,
      float* scratch);
  int64_t (*encode_points_scratch)(const PointEncoder& e);
  void (*encode_points)(const PointEncoder& e, bool training, float* scratch);
  int64_t (*encode_points_gradient_scratch)(const PointEncoder& e);
  void (*encode_points_gradient)(const PointEncoder& e, const float* dy, float* const* gradients, float* scratch);
  void (*segment_max)(const Segments& s, const float* x, float* y);
  void (*segment_max_gradient)(const Segments& s, const float* x, const float* y, const float* dy, float* dx);
  void (*segment_mean)(const Segments& s, const float* x, float* y);
  void (*segment_mean_gradient)(const Segments& s, const float* dy, float* dx);
  void (*gather_rows)(const float* x, int64_t columns, const int32_t* indices, const float* weights, int64_t corners,
      int64_t samples, float* y);
  int64_t (*scatter_scratch)(int64_t entries);
  void (*scatter_add)(const float* dy, int64_t columns, const int32_t* indices, const float* weights,
      int64_t corners, int64_t entries, int64_t rows, float* dx, int32_t* scratch);
  void (*composite_rays)(const Rays& rays, const float* density, const float* values, float* out, float* opacity,
      float* depth, float* weights);
  void (*composite_rays_gradient)(const Rays& rays, const float* density, const float* values, const float* weights,
      const float* dy, const float* d_opacity, const float* d_depth, const float* d_weights, float* d_density,
      float* d_values);
  int64_t (*cross_entropy_scratch)(int64_t rows);
  void (*cross_entropy)(const float* logits, int64_t rows, int64_t classes, const uint8_t* labels,
      const float* row_weights, float* loss, double* weight_sum, double* scratch);
  void (*cross_entropy_gradient)(const float* logits, int64_t rows, int64_t classes, const uint8_t* labels,
      const float* row_weights, float dy, double weight_sum, float* dlogits);
  int64_t (*lovasz_scratch)(int64_t rows, int64_t classes);
  void (*lovasz)(const float* probabilities, int64_t rows, int64_t classes, const uint8_t* labels, float* loss,
      float* gradient, float* scratch);
  void (*adamw)(const AdamWStep& s, int64_t count, const float* p, const float* g, const float* m, const float* v,
      float* new_p, float* new_m, float* new_v);
  void (*weighted_sum)(int64_t count, const float* x, float a, const float* y, float b, float* out);
  int64_t (*square_sum_scratch)(int64_t count);
  void (*square_sum)(const float* x, int64_t count, float* sum, float* scratch);
  void (*unary)(int op, const float* x, int64_t count, float a, float b, float* y);
  void (*binary)(int op, const Operand& a, const Operand& b, int64_t outer, int64_t inner, float* y);
  void (*compare)(int op, const float* a, const float* b, bool scalar, int64_t count, uint8_t* y);
  void (*select)(const uint8_t* condition, const float* a, const float* b, int64_t count, float* y);
  void (*add_all)(const float* const* x, int64_t n, int64_t count, float* y);
  int64_t (*reduce_scratch)(int64_t outer, int64_t inner);
  void (*reduce_inner)(int op, const float* x, int64_t outer, int64_t inner, float scale, float* y, float* scratch);
  void (*reduce_outer)(int op, const float* x, int64_t outer, int64_t inner, float scale, float* y, float* scratch);
  void (*softmax)(const float* x, int64_t rows, int64_t columns, bool logarithm, float* y);
  void (*argmax)(const float* x, int64_t rows, int64_t columns, int32_t* y);
  void (*transpose)(const float* x, int64_t rows, int64_t columns, float* y);
  void (*copy_runs)(const float* x, int64_t x_stride, float* y, int64_t y_stride, int64_t count, int64_t width);
};

}  // namespace nerfseg
