import type { KernelMap, KernelMapPart } from '../kernels.js';
import { nativeKernelMaps } from '../native/kernel-maps.js';
import { type AxisTaps, axisTaps, countPairs } from './axis-taps.js';
import { cellTable } from './cell-table.js';
import { engineReadsParts, lazyKernelMap } from './lazy-kernel-map.js';
import { type GridShape, linearIndices } from './linear-indices.js';
import { outputCells } from './output-cells.js';
import { tapOffsets } from './tap-offsets.js';

export interface StridedMapOptions {
  readonly shape: GridShape;
  /** Cells of padding along rho, phi, z. Default floor(kernelShape / 2). */
  readonly padding?: GridShape;
  /** The first and the last azimuth cells are neighbours; the azimuth size must then be a multiple of its stride. Default false. */
  readonly wrapAzimuth?: boolean;
}

export interface StridedMap {
  readonly map: KernelMap;
  /** [V'*3] the output voxels, sorted by linear index. */
  readonly coords: Int32Array;
  /** The output grid: floor((shape + 2 padding - kernel) / stride) + 1; along an azimuth that wraps, shape / stride. */
  readonly shape: GridShape;
}

/**
 * The kernel map of a strided sparse convolution, as spconv defines it: an output voxel is active where any of its taps
 * meets an active input, and tap k of output o reads the input at o * stride - padding + k. The inverse convolution of
 * the decoder reads the same map backwards.
 *
 * @param coords [V*3] rho, phi, z cell indices, each voxel once.
 * @throws RangeError for sizes that make no grid, or one of 2^31 cells and more
 */
export const stridedMap = (
  coords: Int32Array,
  kernelShape: GridShape,
  stride: GridShape,
  options: StridedMapOptions,
): StridedMap => {
  const { shape, wrapAzimuth = false } = options;
  const padding = options.padding ?? (kernelShape.map((k) => Math.floor(k / 2)) as unknown as GridShape);
  const outShape = outputShape(kernelShape, stride, shape, padding, wrapAzimuth);
  const native = nativeKernelMaps();
  const build = (): StridedMap => {
    if (native) return native.strided(coords, kernelShape, stride, { shape, padding, wrapAzimuth });
    return portableStridedMap(coords, kernelShape, stride, { shape, padding, wrapAzimuth, outShape });
  };
  if (!engineReadsParts()) return build();
  // The tables are left to the engine; which voxels come out must be known here.
  linearIndices(coords, shape);
  const outCoords = native
    ? native.stridedOutputs(coords, kernelShape, stride, { shape, padding, wrapAzimuth }).coords
    : portableOutputs(coords, kernelShape, stride, { shape, padding, wrapAzimuth, outShape });
  const taps = tapOffsets(kernelShape);
  const part: KernelMapPart = {
    inCoords: coords,
    outCoords,
    inStart: 0,
    outStart: 0,
    inShape: shape,
    outShape,
    stride,
    padding,
    wrapAzimuth,
    taps,
  };
  const size = { taps: taps.length, inRows: coords.length / 3, outRows: outCoords.length / 3 };
  return { map: lazyKernelMap(size, [part], () => build().map), coords: outCoords, shape: outShape };
};

interface StridedGrid {
  readonly shape: GridShape;
  readonly padding: GridShape;
  readonly wrapAzimuth: boolean;
  readonly outShape: GridShape;
}

const allAxes = (
  kernelShape: GridShape,
  stride: GridShape,
  { shape, padding, wrapAzimuth, outShape }: StridedGrid,
): AxisTaps[] =>
  [0, 1, 2].map((axis) =>
    axisTaps(
      shape[axis],
      outShape[axis],
      kernelShape[axis],
      stride[axis],
      padding[axis],
      axis === 1 && wrapAzimuth,
    ),
  );

/** The voxels that any input reaches, in ascending order of cell. */
const portableOutputs = (
  coords: Int32Array,
  kernelShape: GridShape,
  stride: GridShape,
  grid: StridedGrid,
): Int32Array =>
  coordsOf(outputCells(coords, allAxes(kernelShape, stride, grid), grid.outShape), grid.outShape);

const coordsOf = (cells: Int32Array, [, op, oz]: GridShape): Int32Array => {
  const coords = new Int32Array(cells.length * 3);
  cells.forEach((cell, o) => {
    coords[o * 3] = Math.floor(cell / (op * oz));
    coords[o * 3 + 1] = Math.floor(cell / oz) % op;
    coords[o * 3 + 2] = cell % oz;
  });
  return coords;
};

/** The same without the native engine. */
export const portableStridedMap = (
  coords: Int32Array,
  kernelShape: GridShape,
  stride: GridShape,
  { shape, padding, wrapAzimuth, outShape }: StridedGrid,
): StridedMap => {
  const rows = linearIndices(coords, shape).length;
  const axes = allAxes(kernelShape, stride, { shape, padding, wrapAzimuth, outShape });
  const [, kp, kz] = kernelShape;
  const [, op, oz] = outShape;
  const taps = kernelShape[0] * kp * kz;
  const capacity = countPairs(coords, axes);
  const candidate = {
    input: new Int32Array(capacity),
    tap: new Int32Array(capacity),
    slot: new Int32Array(capacity),
  };
  const table = cellTable(Math.min(capacity, outShape[0] * op * oz));
  const cellsFound = new Int32Array(capacity);
  let pairs = 0;
  let outRows = 0;
  const [ra, pa, za] = axes;
  for (let i = 0; i < rows; i++) {
    const r = coords[i * 3];
    const p = coords[i * 3 + 1];
    const z = coords[i * 3 + 2];
    for (let a = ra.offsets[r]; a < ra.offsets[r + 1]; a++) {
      for (let b = pa.offsets[p]; b < pa.offsets[p + 1]; b++) {
        for (let c = za.offsets[z]; c < za.offsets[z + 1]; c++) {
          const cell = (ra.outputs[a] * op + pa.outputs[b]) * oz + za.outputs[c];
          const slot = table.insert(cell);
          if (table.rows[slot] === 0) {
            table.rows[slot] = 1;
            cellsFound[outRows++] = cell;
          }
          candidate.input[pairs] = i;
          candidate.tap[pairs] = (ra.taps[a] * kp + pa.taps[b]) * kz + za.taps[c];
          candidate.slot[pairs++] = slot;
        }
      }
    }
  }
  const cells = cellsFound.subarray(0, outRows).sort();
  const outCoords = new Int32Array(outRows * 3);
  for (let o = 0; o < outRows; o++) {
    const cell = cells[o];
    table.rows[table.find(cell)] = o;
    outCoords[o * 3] = Math.floor(cell / (op * oz));
    outCoords[o * 3 + 1] = Math.floor(cell / oz) % op;
    outCoords[o * 3 + 2] = cell % oz;
  }
  const inputOf = new Int32Array(outRows * taps).fill(-1);
  const outputOf = new Int32Array(rows * taps).fill(-1);
  for (let n = 0; n < pairs; n++) {
    const i = candidate.input[n];
    const o = table.rows[candidate.slot[n]];
    inputOf[o * taps + candidate.tap[n]] = i;
    outputOf[i * taps + candidate.tap[n]] = o;
  }
  return {
    map: { taps, inRows: rows, outRows, inputOf, outputOf, pairs },
    coords: outCoords,
    shape: outShape,
  };
};

const outputShape = (
  kernel: GridShape,
  stride: GridShape,
  shape: GridShape,
  padding: GridShape,
  wrapAzimuth: boolean,
): GridShape => {
  const sizes = shape.map((size, axis) => {
    if (!(kernel[axis] >= 1 && stride[axis] >= 1 && padding[axis] >= 0)) {
      throw new RangeError(
        `strided map: kernel ${kernel.join('x')}, stride ${stride.join('x')}: expected sizes from 1`,
      );
    }
    if (axis === 1 && wrapAzimuth) {
      if (size % stride[1] !== 0) {
        throw new RangeError(
          `azimuth of ${size} cells cannot wrap with stride ${stride[1]}: expected a multiple`,
        );
      }
      return size / stride[1];
    }
    return Math.floor((size + 2 * padding[axis] - kernel[axis]) / stride[axis]) + 1;
  });
  if (sizes.some((size) => size < 1)) {
    throw new RangeError(`kernel ${kernel.join('x')} is larger than the padded grid ${shape.join('x')}`);
  }
  if (sizes[0] * sizes[1] * sizes[2] >= 2 ** 31) {
    throw new RangeError(`strided map: an output grid of ${sizes.join('x')}, expected less than 2^31 cells`);
  }
  return [sizes[0], sizes[1], sizes[2]];
};
