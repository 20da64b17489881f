// Runs every kernel, on every usable instruction set and with 1, 2, 3 and 8 threads, over random and degenerate shapes in
// exactly sized allocations. Built under sanitizers by sanitize.mjs; products are compared with plain loops, and every
// result with the one of a single thread, bit by bit.
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "../src/isa.hpp"
#include "../src/kernel_map.hpp"
#include "../src/thread_pool.hpp"
#include "../src/voxelize.hpp"

using namespace nerfseg;

namespace {

std::mt19937 generator(5);
std::atomic<int> failures{0};

void check(bool condition, const char* what) {
  if (condition) return;
  std::printf("FAILED %s (%s, %d threads)\n", what, kernels().name, thread_count());
  failures++;
}

/** Exactly sized, so that the address sanitizer sees one element too many. */
template <class T>
struct Exact {
  std::unique_ptr<T[]> data;
  int64_t size;
  explicit Exact(int64_t n) : data(new T[static_cast<std::size_t>(n)]), size(n) {}
  T* get() const { return data.get(); }
  T& operator[](int64_t i) const { return data[static_cast<std::size_t>(i)]; }
};
using Floats = Exact<float>;
using Ints = Exact<int32_t>;

Floats random_floats(int64_t n, float low = -1, float high = 1) {
  Floats f(n);
  std::uniform_real_distribution<float> d(low, high);
  for (int64_t i = 0; i < n; i++) f[i] = d(generator);
  return f;
}

int64_t below(int64_t n) { return std::uniform_int_distribution<int64_t>(0, n - 1)(generator); }

bool close(double a, double b) { return std::fabs(a - b) <= 1e-4 * std::fmax(1.0, std::fabs(b)); }

/** Runs `compute` with several thread counts; what it leaves in `result` must not change by a bit. */
void deterministic(const char* what, const Floats& result, const std::function<void()>& compute) {
  std::vector<float> first;
  for (const int threads : {1, 2, 3, 8}) {
    set_thread_count(threads);
    compute();
    if (first.empty()) first.assign(result.get(), result.get() + result.size);
    check(result.size == 0 || std::memcmp(first.data(), result.get(), result.size * sizeof(float)) == 0, what);
  }
}

void test_sparse_conv(int32_t extent, double density, int64_t depth, int64_t columns) {
  const Grid grid{{extent, extent + 1, 5}, false};
  std::vector<int32_t> coords;
  for (int32_t i = 0; i < grid.shape[0]; i++)
    for (int32_t j = 0; j < grid.shape[1]; j++)
      for (int32_t k = 0; k < grid.shape[2]; k++)
        if (below(1000) < density * 1000) coords.insert(coords.end(), {i, j, k});
  const int64_t rows = static_cast<int64_t>(coords.size()) / 3;
  const int32_t kernel[3] = {3, 3, 3};
  Ints input_of(rows * 27), output_of(rows * 27);
  int64_t count = 0;
  check(submanifold_map(coords.data(), rows, grid, kernel, input_of.get(), output_of.get(), &count) == MapError::kNone,
        "submanifold_map");
  Stride stride{{3, 3, 3}, {2, 2, 1}, {1, 1, 1}, {0, 0, 0}};
  int32_t* out_coords = nullptr;
  int64_t out_rows = 0, strided_pairs = 0;
  check(strided_outputs(coords.data(), rows, grid, stride, &out_coords, &out_rows) == MapError::kNone,
        "strided_outputs");
  Ints strided_in(out_rows * 27), strided_out(rows * 27);
  check(strided_map(coords.data(), rows, grid, stride, out_coords, out_rows, strided_in.get(), strided_out.get(),
                    &strided_pairs) == MapError::kNone,
        "strided_map");
  std::vector<int32_t> taps;
  for (int32_t t = 0; t < 27; t++) taps.insert(taps.end(), {t / 9, t / 3 % 3, t % 3});
  const MapPart part{coords.data(), out_coords, rows, out_rows, grid, stride, taps.data()};
  // Two scans, whose border lies within a block: what their coordinates tell is what their tables list.
  for (const bool inverse : {false, true}) {
    const Ints& one = inverse ? strided_out : strided_in;
    const int64_t own = inverse ? rows : out_rows, others = inverse ? out_rows : rows;
    Ints both(2 * one.size);
    for (int64_t i = 0; i < both.size; i++) {
      const int32_t row = one[i % one.size];
      both[i] = row < 0 || i < one.size ? row : row + static_cast<int32_t>(others);
    }
    const int64_t block = 96, size = 27 * ((2 * own + block - 1) / block + 1);
    Ints wanted_offsets(size), offsets(size);
    int64_t wanted = 0, found = 0;
    check(count_pairs(both.get(), 2 * own, 27, 2 * others, block, wanted_offsets.get(), &wanted) == MapError::kNone,
          "count_pairs of parts");
    Ints wanted_from(wanted), wanted_to(wanted), from(wanted), to(wanted);
    fill_pairs(both.get(), 2 * own, 27, block, wanted_offsets.get(), wanted_from.get(), wanted_to.get());
    std::vector<FoundPair> room(static_cast<std::size_t>(2 * own * 27));
    check(find_pairs({part, part}, 2 * own, 27, inverse, block, room.data(), offsets.get(), &found) ==
                  MapError::kNone &&
              found == wanted,
          "find_pairs");
    list_pairs(room.data(), 2 * own, 27, block, offsets.get(), from.get(), to.get());
    for (int64_t i = 0; i < size; i++) check(offsets[i] == wanted_offsets[i], "find_pairs offset");
    for (int64_t i = 0; i < wanted; i++)
      check(from[i] == wanted_from[i] && to[i] == wanted_to[i], "list_pairs pair");
  }
  delete[] out_coords;

  const int64_t block = 96, blocks = (rows + block - 1) / block;
  Ints offsets(27 * (blocks + 1)), from(count), to(count);
  int64_t counted = 0;
  check(count_pairs(input_of.get(), rows, 27, rows, block, offsets.get(), &counted) == MapError::kNone &&
            counted == count,
        "count_pairs");
  fill_pairs(input_of.get(), rows, 27, block, offsets.get(), from.get(), to.get());
  const PairList pairs{27, rows, block, blocks, offsets.get(), from.get(), to.get(), rows > 0 ? 13 : -1};
  const Floats x = random_floats(rows * depth), w = random_floats(27 * depth * columns), bias = random_floats(columns);
  Floats y(rows * columns), scratch(kernels().sparse_conv_scratch(27, depth, columns));
  deterministic("sparse_conv", y, [&] {
    kernels().sparse_conv(pairs, x.get(), depth, w.get(), columns, false, bias.get(), y.get(), scratch.get());
  });
  for (int64_t probe = 0; probe < 20 && rows > 0; probe++) {
    const int64_t o = below(rows), j = below(columns);
    double sum = bias[j];
    for (int64_t t = 0; t < 27; t++) {
      const int32_t i = input_of[o * 27 + t];
      for (int64_t k = 0; i >= 0 && k < depth; k++) sum += double{x[i * depth + k]} * w[(t * depth + k) * columns + j];
    }
    check(close(y[o * columns + j], sum), "sparse_conv value");
  }
  Floats dw(27 * depth * columns);
  Floats parts(kernels().weight_gradient_scratch(27, offsets.get(), blocks + 1, depth, columns));
  deterministic("weight_gradient", dw, [&] {
    kernels().weight_gradient(27, offsets.get(), blocks + 1, from.get(), to.get(), x.get(), depth, y.get(), columns,
                              dw.get(), parts.get());
  });
}

void test_dense(int64_t rows, int64_t depth, int64_t columns) {
  const Floats x = random_floats(rows * depth), w = random_floats(depth * columns), bias = random_floats(columns);
  Floats y(rows * columns), scratch(kernels().linear_scratch(depth, columns));
  for (int activation = 3; activation >= 0; activation--)
    deterministic("linear", y, [&] {
      kernels().linear(x.get(), rows, depth, w.get(), columns, activation % 2, bias.get(), activation, y.get(),
                       scratch.get());
    });
  for (int64_t probe = 0; probe < 20 && rows * columns > 0; probe++) {
    const int64_t r = below(rows), j = below(columns);
    double sum = bias[j];
    for (int64_t k = 0; k < depth; k++) sum += double{x[r * depth + k]} * w[k * columns + j];
    check(close(y[r * columns + j], sum), "linear value");
  }
  Floats dw(depth * columns), parts(kernels().matmul_transposed_scratch(rows, depth, columns));
  deterministic("matmul_transposed", dw, [&] {
    kernels().matmul_transposed(x.get(), rows, depth, y.get(), columns, dw.get(), parts.get());
  });
  Floats dz(rows * columns), dbias(columns), sums(kernels().linear_gradient_scratch(rows, columns));
  deterministic("linear_gradient", dbias, [&] {
    kernels().linear_gradient(y.get(), y.get(), rows, columns, 3, dz.get(), dbias.get(), sums.get());
  });
  Floats turned(rows * columns);
  deterministic("transpose", turned, [&] { kernels().transpose(y.get(), rows, columns, turned.get()); });
}

void test_batch_norm(int64_t rows, int64_t columns, bool after) {
  const BatchNorm b{rows, columns, 0.01f, after, 1e-5f};
  const Floats x = random_floats(rows * columns), gamma = random_floats(columns), beta = random_floats(columns);
  Floats mean(columns), variance(columns), y(rows * columns), dx(rows * columns), dgamma(columns), dbeta(columns);
  Floats scratch(kernels().batch_norm_scratch(rows, columns));
  deterministic("batch_norm", y, [&] {
    kernels().batch_norm_statistics(b, x.get(), mean.get(), variance.get(), scratch.get());
    kernels().batch_norm_apply(b, x.get(), gamma.get(), beta.get(), mean.get(), variance.get(), y.get());
  });
  deterministic("batch_norm_gradient", dx, [&] {
    kernels().batch_norm_gradient(b, x.get(), gamma.get(), beta.get(), mean.get(), variance.get(), y.get(), dx.get(),
                                  dgamma.get(), dbeta.get(), scratch.get());
  });
}

void test_rows(int64_t rows, int64_t columns, int64_t samples) {
  const int64_t corners = 3;
  Ints indices(samples * corners);
  for (int64_t e = 0; e < indices.size; e++) indices[e] = static_cast<int32_t>(rows > 0 ? below(rows + 1) - 1 : -1);
  const Floats weights = random_floats(samples * corners), x = random_floats(rows * columns);
  Floats y(samples * columns), dx(rows * columns);
  Ints scratch(kernels().scatter_scratch(samples * corners));
  deterministic("gather_rows", y, [&] {
    kernels().gather_rows(x.get(), columns, indices.get(), weights.get(), corners, samples, y.get());
  });
  deterministic("scatter_add", dx, [&] {
    kernels().scatter_add(y.get(), columns, indices.get(), weights.get(), corners, samples * corners, rows, dx.get(),
                          scratch.get());
  });
  const int64_t count = rows / 3;
  Ints segment_of(rows), offsets(count + 1), order(rows);
  int32_t used = 0;
  for (int64_t s = 0; s < count; s++) {
    offsets[s] = used;
    for (int64_t r = s * 3; r < s * 3 + s % 4 && r < s * 3 + 3; r++) order[used++] = static_cast<int32_t>(r);
  }
  offsets[count] = used;
  for (int64_t r = 0; r < rows; r++) segment_of[r] = -1;
  for (int64_t s = 0; s < count; s++)
    for (int32_t p = offsets[s]; p < offsets[s + 1]; p++) segment_of[order[p]] = static_cast<int32_t>(s);
  const Segments segments{rows, count, columns, offsets.get(), order.get(), segment_of.get()};
  Floats top(count * columns);
  deterministic("segment_max", top, [&] { kernels().segment_max(segments, x.get(), top.get()); });
  deterministic("segment_max_gradient", dx, [&] {
    kernels().segment_max_gradient(segments, x.get(), top.get(), top.get(), dx.get());
  });
  deterministic("segment_mean", top, [&] { kernels().segment_mean(segments, x.get(), top.get()); });
  deterministic("segment_mean_gradient", dx,
                [&] { kernels().segment_mean_gradient(segments, top.get(), dx.get()); });
}

void test_point_encoder(int64_t rows, int64_t count, const std::vector<int64_t>& widths) {
  const int64_t layers = static_cast<int64_t>(widths.size()) - 1;
  Ints offsets(count + 1), order(rows);
  for (int64_t s = 0; s <= count; s++) offsets[s] = static_cast<int32_t>(s == count ? rows : s * s * rows / (count * count));
  for (int64_t r = 0; r < rows; r++) order[r] = static_cast<int32_t>(rows - 1 - r);
  const Floats x = random_floats(rows * widths[0]);
  std::vector<Floats> memory;
  const auto room = [&](int64_t n) {
    memory.push_back(random_floats(n, 0.1f, 1));
    return memory.back().get();
  };
  std::vector<EncoderLayer> list;
  std::vector<float*> reached{nullptr};
  for (int64_t i = 0; i < layers; i++) {
    EncoderLayer l{};
    l.depth = widths[static_cast<std::size_t>(i)];
    l.columns = widths[static_cast<std::size_t>(i) + 1];
    l.gamma = room(l.depth);
    l.beta = room(l.depth);
    l.mean = room(l.depth);
    l.variance = room(l.depth);
    l.w = room(l.depth * l.columns);
    l.bias = room(l.columns);
    l.hidden = i + 1 < layers ? room(rows * l.columns) : nullptr;
    l.dgamma = room(l.depth);
    l.dbeta = room(l.depth);
    l.dw = room(l.depth * l.columns);
    l.dbias = room(l.columns);
    if (i > 0) reached.push_back(room(rows * l.depth));
    list.push_back(l);
  }
  PointEncoder e{};
  e.rows = rows;
  e.segments = count;
  e.offsets = offsets.get();
  e.order = order.get();
  e.epsilon = 1e-5f;
  e.x = x.get();
  e.layers = layers;
  e.layer = list.data();
  const int64_t columns = widths.back();
  Floats y(count * columns), again(count * columns);
  Ints best(count * columns);
  e.y = y.get();
  e.best = best.get();
  Floats scratch(kernels().encode_points_scratch(e)), parts(kernels().encode_points_gradient_scratch(e));
  deterministic("encode_points, training", y, [&] { kernels().encode_points(e, true, scratch.get()); });
  for (int64_t i = 0; i < best.size; i++)
    check(offsets[i / columns] == offsets[i / columns + 1] ? best[i] == -1 && y[i] == 0
                                                           : best[i] >= offsets[i / columns] && best[i] < offsets[i / columns + 1],
          "encode_points best");
  for (const EncoderLayer& l : list) {
    const Floats dw(l.depth * l.columns);
    deterministic("encode_points_gradient", dw, [&] {
      kernels().encode_points_gradient(e, y.get(), reached.data(), parts.get());
      if (dw.size > 0) std::memcpy(dw.get(), l.dw, static_cast<std::size_t>(dw.size) * sizeof(float));
    });
  }
  // With the batch's own statistics inference is the same function, in another order of sums.
  e.y = again.get();
  e.best = nullptr;
  deterministic("encode_points, inference", again, [&] { kernels().encode_points(e, false, scratch.get()); });
  for (int64_t i = 0; i < y.size; i++)
    check(std::fabs(y[i] - again[i]) <= 1e-3 * std::fmax(1.0, std::fabs(y[i])), "encode_points, training and inference");
}

void test_rays(int64_t count, int64_t classes) {
  Ints offsets(count + 1);
  offsets[0] = 0;
  for (int64_t r = 0; r < count; r++) offsets[r + 1] = offsets[r] + static_cast<int32_t>(below(40));
  const int64_t samples = offsets[count];
  const Floats t = random_floats(samples, 1, 50), delta = random_floats(samples, 0, 1);
  const Rays rays{count, samples, classes, offsets.get(), t.get(), delta.get()};
  const Floats density = random_floats(samples, 0, 3), values = random_floats(samples * classes);
  Floats out(count * classes), opacity(count), depth(count), weights(samples);
  deterministic("composite_rays", out, [&] {
    kernels().composite_rays(rays, density.get(), values.get(), out.get(), opacity.get(), depth.get(), weights.get());
  });
  Floats d_density(samples), d_values(samples * classes);
  deterministic("composite_rays_gradient", d_density, [&] {
    kernels().composite_rays_gradient(rays, density.get(), values.get(), weights.get(), out.get(), opacity.get(),
                                      depth.get(), weights.get(), d_density.get(), d_values.get());
  });
}

void test_losses(int64_t rows, int64_t classes) {
  const Floats logits = random_floats(rows * classes, -5, 5);
  Exact<uint8_t> labels(rows);
  for (int64_t r = 0; r < rows; r++) labels[r] = static_cast<uint8_t>(below(classes));
  Floats gradient(rows * classes), probabilities(rows * classes), loss(1);
  Exact<double> sums(kernels().cross_entropy_scratch(rows));
  double total = 0;
  deterministic("cross_entropy", loss, [&] {
    kernels().cross_entropy(logits.get(), rows, classes, labels.get(), nullptr, loss.get(), &total, sums.get());
  });
  deterministic("cross_entropy_gradient", gradient, [&] {
    kernels().cross_entropy_gradient(logits.get(), rows, classes, labels.get(), nullptr, 1, total, gradient.get());
  });
  deterministic("softmax", probabilities,
                [&] { kernels().softmax(logits.get(), rows, classes, false, probabilities.get()); });
  Floats scratch(kernels().lovasz_scratch(rows, classes));
  deterministic("lovasz", gradient, [&] {
    kernels().lovasz(probabilities.get(), rows, classes, labels.get(), loss.get(), gradient.get(), scratch.get());
  });
  Ints best(rows);
  kernels().argmax(logits.get(), rows, classes, best.get());
}

void test_elementwise(int64_t outer, int64_t inner) {
  const int64_t count = outer * inner;
  const Floats x = random_floats(count, 0.1f, 3), row = random_floats(inner);
  Floats y(count), z(count), w(count);
  for (int op = 0; op < 14; op++)
    deterministic("unary", y, [&] { kernels().unary(op, x.get(), count, 0.2f, 0.7f, y.get()); });
  for (int op = 0; op < 7; op++)
    deterministic("binary", y, [&] {
      kernels().binary(op, {x.get(), inner, 1}, {row.get(), 0, 1}, outer, inner, y.get());
    });
  Exact<uint8_t> flags(count);
  for (int op = 0; op < 6; op++) kernels().compare(op, x.get(), y.get(), false, count, flags.get());
  deterministic("select", z, [&] { kernels().select(flags.get(), x.get(), y.get(), count, z.get()); });
  const float* terms[] = {x.get(), y.get(), z.get()};
  deterministic("add_all", w, [&] { kernels().add_all(terms, 3, count, w.get()); });
  if (count > 0) {
    Floats scratch(kernels().reduce_scratch(outer, inner)), inner_sum(outer), outer_sum(inner);
    for (int op = 0; op < 3; op++) {
      deterministic("reduce_inner", inner_sum, [&] {
        kernels().reduce_inner(op, x.get(), outer, inner, 1, inner_sum.get(), scratch.get());
      });
      deterministic("reduce_outer", outer_sum, [&] {
        kernels().reduce_outer(op, x.get(), outer, inner, 1, outer_sum.get(), scratch.get());
      });
    }
  }
  const AdamWStep step{1e-3f, 0.9f, 0.999f, 1e-8f, 0.01f, 0.1f, 0.001f};
  deterministic("adamw", y, [&] {
    kernels().adamw(step, count, x.get(), x.get(), x.get(), x.get(), y.get(), z.get(), w.get());
  });
  deterministic("weighted_sum", y, [&] { kernels().weighted_sum(count, x.get(), 0.9f, z.get(), 0.1f, y.get()); });
  Floats squares(kernels().square_sum_scratch(count)), total(1);
  deterministic("square_sum", total, [&] { kernels().square_sum(x.get(), count, total.get(), squares.get()); });
}

void test_voxelize(int64_t count, bool drop) {
  const CylinderGrid grid{{0, -3.15, -4}, {50, 3.15, 2}, {5, 0.63, 1}, {10, 10, 6}, drop};
  const Floats positions = random_floats(count * 3, -60, 60), intensity = random_floats(count, 0, 1);
  Ints voxel_of_point(count);
  Floats features(count * 9);
  int32_t* coords = nullptr;
  int64_t voxels = 0;
  deterministic("voxelize", features, [&] {
    delete[] coords;
    check(point_cells(grid, positions.get(), intensity.get(), count, voxel_of_point.get(), features.get()) < 0,
          "point_cells");
    voxels = occupied_voxels(grid, count, voxel_of_point.get(), &coords);
  });
  for (int64_t n = 0; n < count; n++) check(voxel_of_point[n] >= (drop ? -1 : 0) && voxel_of_point[n] < voxels, "voxel row");
  delete[] coords;
}

/** Two callers at once: one has the pool, the other computes alone. */
void test_concurrent_callers() {
  set_thread_count(4);
  const auto caller = [] {
    const std::vector<float> x(100000, 1.5f);
    std::vector<float> y(x.size());
    for (int i = 0; i < 50; i++)
      kernels().unary(10, x.data(), static_cast<int64_t>(x.size()), 0, 0, y.data());
    check(y[77777] == 2.25f, "concurrent callers");
  };
  std::thread other(caller);
  caller();
  other.join();
}

}  // namespace

int main() {
  for (int i = 0; usable_isa(i); i++) {
    use_isa(usable_isa(i));
    std::printf("%s\n", kernels().name);
    test_sparse_conv(2, 0, 3, 5);
    test_sparse_conv(1, 1, 1, 1);
    test_sparse_conv(14, 0.3, 16, 32);
    test_sparse_conv(14, 0.5, 17, 20);
    test_sparse_conv(9, 0.9, 70, 49);
    test_dense(0, 3, 4);
    test_dense(1, 1, 1);
    test_dense(1000, 9, 33);
    test_dense(300, 65, 130);
    test_dense(20000, 5, 7);
    for (const bool after : {false, true}) {
      test_batch_norm(1, 1, after);
      test_batch_norm(5000, 19, after);
      test_batch_norm(300, 256, after);
    }
    test_rows(0, 4, 7);
    test_rows(3, 1, 1);
    test_rows(1000, 21, 9000);
    test_point_encoder(0, 3, {2, 3, 4});
    test_point_encoder(1, 1, {1, 1});
    test_point_encoder(500, 40, {9, 16, 33, 20});
    test_point_encoder(5000, 3, {9, 32, 64, 64});
    test_point_encoder(700, 90, {4, 130, 70});
    test_rays(0, 3);
    test_rays(1, 1);
    test_rays(300, 20);
    test_losses(0, 3);
    test_losses(1, 2);
    test_losses(3000, 20);
    test_elementwise(1, 0);
    test_elementwise(1, 1);
    test_elementwise(200, 333);
    test_elementwise(3, 70000);
  }
  for (const int64_t count : {0, 1, 30000})
    for (const bool drop : {false, true}) test_voxelize(count, drop);
  test_concurrent_callers();
  if (failures == 0) std::printf("ok\n");
  return failures == 0 ? 0 : 1;
}
