// Voxels, kernel maps and pair lists.
#include <algorithm>

#include "../kernel_map.hpp"
#include "../voxelize.hpp"
#include "args.hpp"

namespace nerfseg {
namespace {

const char* text(MapError error) {
  switch (error) {
    case MapError::kOutside: return "a voxel lies outside the grid";
    case MapError::kDuplicate: return "two rows hold the same voxel";
    default: return "the map names a row that does not exist, or counts its pairs wrongly";
  }
}

void read3(Args& a, int32_t* values) {
  for (int i = 0; i < 3; i++) values[i] = static_cast<int32_t>(a.size());
}

/** (coords, rows, shape x3, wrap, kernel x3, inputOf, outputOf) -> pairs */
napi_value submanifold(napi_env env, napi_callback_info info) {
  Args a(env, info, "submanifoldMap");
  const int32_t* coords = a.ints(0);
  const int64_t rows = a.size();
  Grid grid;
  int32_t kernel[3];
  read3(a, grid.shape);
  grid.wrap_azimuth = a.flag();
  read3(a, kernel);
  for (const int32_t k : kernel) a.require(k >= 1 && k <= 32, "a kernel spans 1 to 32 cells");
  const int64_t cells = rows * kernel[0] * kernel[1] * kernel[2];
  int32_t* input_of = a.ints(cells);
  int32_t* output_of = a.ints(cells);
  if (!a.ok()) return nullptr;
  int64_t pairs = 0;
  const MapError error = submanifold_map(coords, rows, grid, kernel, input_of, output_of, &pairs);
  a.require(error == MapError::kNone, text(error));
  return to_number(env, static_cast<double>(pairs));
}

void read_stride(Args& a, Grid& grid, Stride& s) {
  read3(a, grid.shape);
  grid.wrap_azimuth = a.flag();
  read3(a, s.kernel);
  read3(a, s.stride);
  read3(a, s.padding);
  for (int i = 0; i < 3; i++) a.require(s.stride[i] > 0 && s.kernel[i] > 0 && s.kernel[i] <= 32, "strides and kernels: 1 to 32 cells");
  a.require(!grid.wrap_azimuth || (s.stride[1] > 0 && grid.shape[1] % s.stride[1] == 0),
            "an azimuth that wraps must be a multiple of its stride");
}

/** (coords, rows, shape x3, wrap, kernel x3, stride x3, padding x3) -> Int32Array [3 + 3 * outRows]: shape, coordinates */
napi_value outputs(napi_env env, napi_callback_info info) {
  Args a(env, info, "stridedOutputs");
  const int32_t* coords = a.ints(0);
  const int64_t rows = a.size();
  Grid grid;
  Stride s;
  read_stride(a, grid, s);
  if (!a.ok()) return nullptr;
  int32_t* found = nullptr;
  int64_t count = 0;
  const MapError error = strided_outputs(coords, rows, grid, s, &found, &count);
  a.require(error == MapError::kNone, text(error));
  if (!a.ok()) return nullptr;
  void* data;
  napi_value buffer, result;
  napi_create_arraybuffer(env, static_cast<std::size_t>(3 + count * 3) * 4, &data, &buffer);
  int32_t* out = static_cast<int32_t*>(data);
  for (int i = 0; i < 3; i++) out[i] = s.shape[i];
  for (int64_t i = 0; i < count * 3; i++) out[3 + i] = found[i];
  delete[] found;
  napi_create_typedarray(env, napi_int32_array, static_cast<std::size_t>(3 + count * 3), buffer, 0, &result);
  return result;
}

/** (coords, rows, shape x3, wrap, kernel x3, stride x3, padding x3, outShape x3, outCoords, outRows, inputOf, outputOf) -> pairs */
napi_value strided(napi_env env, napi_callback_info info) {
  Args a(env, info, "stridedMap");
  const int32_t* coords = a.ints(0);
  const int64_t rows = a.size();
  Grid grid;
  Stride s;
  read_stride(a, grid, s);
  read3(a, s.shape);
  const int32_t* out_coords = a.ints(0);
  const int64_t out_rows = a.size();
  const int64_t taps = int64_t{1} * s.kernel[0] * s.kernel[1] * s.kernel[2];
  int32_t* input_of = a.ints(out_rows * taps);
  int32_t* output_of = a.ints(rows * taps);
  if (!a.ok()) return nullptr;
  int64_t pairs = 0;
  const MapError error =
      strided_map(coords, rows, grid, s, out_coords, out_rows, input_of, output_of, &pairs);
  a.require(error == MapError::kNone, text(error));
  return to_number(env, static_cast<double>(pairs));
}

/** Int32Array [offsets (taps * (blocks + 1)), from (pairs), to (pairs)]; fill(offsets, from, to) lists the pairs. */
template <class Fill>
napi_value listed_pairs(napi_env env, const std::vector<int32_t>& offsets, int64_t pairs, Fill fill) {
  const std::size_t size = offsets.size(), length = size + 2 * static_cast<std::size_t>(pairs);
  void* data;
  napi_value buffer, result;
  napi_create_arraybuffer(env, length * 4, &data, &buffer);
  int32_t* out = static_cast<int32_t*>(data);
  std::copy(offsets.begin(), offsets.end(), out);
  fill(offsets.data(), out + size, out + size + pairs);
  napi_create_typedarray(env, napi_int32_array, length, buffer, 0, &result);
  return result;
}

int64_t offset_count(int64_t rows, int64_t taps, int64_t block_rows) {
  return taps * ((rows + block_rows - 1) / block_rows + 1);
}

/** (rows, taps, inputRows, blockRows, inputOf) -> Int32Array: offsets, from, to */
napi_value pair_list(napi_env env, napi_callback_info info) {
  Args a(env, info, "pairList");
  const int64_t rows = a.size(), taps = a.size(), input_rows = a.size(), block_rows = a.size();
  a.require(block_rows > 0, "blocks need rows");
  const int32_t* input_of = a.ints(rows * taps);
  if (!a.ok()) return nullptr;
  std::vector<int32_t> offsets(offset_count(rows, taps, block_rows));
  int64_t pairs = 0;
  const MapError error = count_pairs(input_of, rows, taps, input_rows, block_rows, offsets.data(), &pairs);
  a.require(error == MapError::kNone, text(error));
  if (!a.ok()) return nullptr;
  return listed_pairs(env, offsets, pairs, [&](const int32_t* at, int32_t* from, int32_t* to) {
    fill_pairs(input_of, rows, taps, block_rows, at, from, to);
  });
}

/** Numbers that tell of a part beside its taps: shape, out shape, stride, padding, wrap. */
constexpr int64_t kPartNumbers = 13;

/** Reads one part: its numbers, then [taps * 3] offsets. */
MapPart read_part(Args& a, const int32_t* numbers, const Ints& in, const Ints& out) {
  MapPart part{};
  part.in_coords = in.data;
  part.out_coords = out.data;
  part.in_rows = in.length / 3;
  part.out_rows = out.length / 3;
  for (int i = 0; i < 3; i++) {
    part.grid.shape[i] = numbers[i];
    part.stride.shape[i] = numbers[3 + i];
    part.stride.stride[i] = numbers[6 + i];
    part.stride.padding[i] = numbers[9 + i];
    a.require(numbers[i] > 0 && numbers[3 + i] > 0 && numbers[6 + i] > 0 && numbers[9 + i] >= 0,
              "shapes and strides are positive");
  }
  part.grid.wrap_azimuth = numbers[12] != 0;
  part.taps = numbers + kPartNumbers;
  return part;
}

/** (inverse, rows, taps, inputRows, blockRows, parts, numbers, [inCoords, outCoords, ...]) -> Int32Array: offsets, from, to */
napi_value part_pairs(napi_env env, napi_callback_info info) {
  Args a(env, info, "partPairs");
  const bool inverse = a.flag();
  const int64_t rows = a.size(), taps = a.size(), input_rows = a.size(), block_rows = a.size(), count = a.size();
  a.require(block_rows > 0, "blocks need rows");
  const int32_t* numbers = a.ints(count * (kPartNumbers + 3 * taps));
  const std::vector<Ints> coords = a.int_lists(count * 2);
  if (!a.ok()) return nullptr;
  std::vector<MapPart> parts;
  int64_t row = 0, start = 0;
  for (int64_t p = 0; p < count; p++) {
    parts.push_back(read_part(a, numbers + p * (kPartNumbers + 3 * taps), coords[2 * p], coords[2 * p + 1]));
    row += inverse ? parts[p].in_rows : parts[p].out_rows;
    start += inverse ? parts[p].out_rows : parts[p].in_rows;
  }
  a.require(row <= rows && start <= input_rows, "parts have more rows than the map");
  a.require(row >= rows && start >= input_rows, "parts have fewer rows than the map");
  if (!a.ok()) return nullptr;
  FoundPair* found = a.scratch<FoundPair>(rows * taps);
  if (!found) return nullptr;
  std::vector<int32_t> offsets(offset_count(rows, taps, block_rows));
  int64_t pairs = 0;
  const MapError error = find_pairs(parts, rows, taps, inverse, block_rows, found, offsets.data(), &pairs);
  a.require(error == MapError::kNone, text(error));
  if (!a.ok()) return nullptr;
  return listed_pairs(env, offsets, pairs, [&](const int32_t* at, int32_t* from, int32_t* to) {
    list_pairs(found, rows, taps, block_rows, at, from, to);
  });
}

/** Int32Array of the given values, which are freed. */
napi_value take_ints(napi_env env, int32_t* values, int64_t count) {
  void* data;
  napi_value buffer, result;
  napi_create_arraybuffer(env, static_cast<std::size_t>(count) * 4, &data, &buffer);
  for (int64_t i = 0; i < count; i++) static_cast<int32_t*>(data)[i] = values[i];
  delete[] values;
  napi_create_typedarray(env, napi_int32_array, static_cast<std::size_t>(count), buffer, 0, &result);
  return result;
}

/** (count, low x3, high x3, interval x3, shape x3, drop, positions, intensity, voxelOfPoint, features) -> coords */
napi_value voxelize(napi_env env, napi_callback_info info) {
  Args a(env, info, "voxelize");
  const int64_t count = a.size();
  CylinderGrid g;
  for (double& value : g.low) value = a.number();
  for (double& value : g.high) value = a.number();
  for (double& value : g.interval) value = a.number();
  read3(a, g.shape);
  g.drop = a.flag();
  const float* positions = a.floats(count * 3);
  const float* intensity = a.floats(count);
  int32_t* voxel_of_point = a.ints(count);
  float* features = a.floats(count * 9);
  a.require(int64_t{1} * g.shape[0] * g.shape[1] * g.shape[2] < int64_t{1} << 31, "2^31 cells or more");
  if (!a.ok()) return nullptr;
  const int64_t bad = point_cells(g, positions, intensity, count, voxel_of_point, features);
  a.require(bad < 0, "a point is not finite");
  if (!a.ok()) return nullptr;
  int32_t* coords = nullptr;
  const int64_t voxels = occupied_voxels(g, count, voxel_of_point, &coords);
  return take_ints(env, coords, voxels * 3);
}

}  // namespace

void define_maps(napi_env env, napi_value exports) {
  define(env, exports, "voxelize", voxelize);
  define(env, exports, "submanifoldMap", submanifold);
  define(env, exports, "stridedOutputs", outputs);
  define(env, exports, "stridedMap", strided);
  define(env, exports, "pairList", pair_list);
  define(env, exports, "partPairs", part_pairs);
}

}  // namespace nerfseg
