import type { KernelMap, KernelMapPart } from '../kernels.js';
import { nativeKernelMaps } from '../native/kernel-maps.js';
import { cellTable } from './cell-table.js';
import { engineReadsParts, lazyKernelMap } from './lazy-kernel-map.js';
import { type GridShape, linearIndices } from './linear-indices.js';
import { tapOffsets } from './tap-offsets.js';

export interface SubmanifoldMapOptions {
  readonly shape: GridShape;
  /** The first and the last azimuth cells are neighbours. Default false. */
  readonly wrapAzimuth?: boolean;
}

/**
 * The kernel map of a submanifold convolution (Graham and van der Maaten 2017): outputs are exactly the input voxels,
 * and output o reads, for tap (i, j, k), the voxel at o + (i, j, k) - floor(kernelShape / 2), where it is active.
 *
 * @param coords [V*3] rho, phi, z cell indices, each voxel once. Sorted by linear index it is fastest; any order works.
 * @param kernelShape odd sizes along rho, phi, z.
 */
export const submanifoldMap = (
  coords: Int32Array,
  kernelShape: GridShape,
  options: SubmanifoldMapOptions,
): KernelMap => {
  if (kernelShape.some((k) => !(k > 0) || k % 2 !== 1)) {
    throw new RangeError(`kernel shape ${kernelShape.join('x')}: a submanifold kernel has odd sizes`);
  }
  if (engineReadsParts()) return lazySubmanifoldMap(coords, kernelShape, options);
  return hostSubmanifoldMap(coords, kernelShape, options);
};

const hostSubmanifoldMap = (
  coords: Int32Array,
  kernelShape: GridShape,
  options: SubmanifoldMapOptions,
): KernelMap => {
  const native = nativeKernelMaps();
  if (native) return native.submanifold(coords, kernelShape, options);
  return portableSubmanifoldMap(coords, kernelShape, options);
};

/** Checks the coordinates; tables are made only if somebody reads them. */
const lazySubmanifoldMap = (
  coords: Int32Array,
  kernelShape: GridShape,
  options: SubmanifoldMapOptions,
): KernelMap => {
  const { shape, wrapAzimuth = false } = options;
  const linear = linearIndices(coords, shape);
  if (!isAscending(linear)) hashFinder(linear); // throws where a voxel occurs twice
  const taps = tapOffsets(kernelShape);
  const padding: GridShape = [(kernelShape[0] - 1) / 2, (kernelShape[1] - 1) / 2, (kernelShape[2] - 1) / 2];
  const part: KernelMapPart = {
    inCoords: coords,
    outCoords: coords,
    inStart: 0,
    outStart: 0,
    inShape: shape,
    outShape: shape,
    stride: [1, 1, 1],
    padding,
    wrapAzimuth,
    taps,
  };
  const size = { taps: taps.length, inRows: linear.length, outRows: linear.length };
  return lazyKernelMap(size, [part], () => hostSubmanifoldMap(coords, kernelShape, options));
};

/** The same without the native engine. */
export const portableSubmanifoldMap = (
  coords: Int32Array,
  kernelShape: GridShape,
  options: SubmanifoldMapOptions,
): KernelMap => {
  const [kr, kp, kz] = kernelShape;
  const { shape, wrapAzimuth = false } = options;
  const linear = linearIndices(coords, shape);
  const rows = linear.length;
  const taps = kr * kp * kz;
  const inputOf = new Int32Array(rows * taps).fill(-1);
  const outputOf = new Int32Array(rows * taps).fill(-1);
  const find = isAscending(linear) ? ascendingFinder(linear) : hashFinder(linear);
  const [sr, sp, sz] = shape;
  let pairs = 0;
  // Tap t seen from o is the mirrored tap seen from i, so half of the taps tell all pairs.
  const half = (taps - 1) / 2;
  for (let t = 0; t <= half; t++) {
    const mirrored = taps - 1 - t;
    const dr = Math.floor(t / (kp * kz)) - (kr - 1) / 2;
    const dp = (Math.floor(t / kz) % kp) - (kp - 1) / 2;
    const dz = (t % kz) - (kz - 1) / 2;
    find.restart();
    for (let o = 0; o < rows; o++) {
      const r = coords[o * 3] + dr;
      let p = coords[o * 3 + 1] + dp;
      const z = coords[o * 3 + 2] + dz;
      if (r < 0 || r >= sr || z < 0 || z >= sz) continue;
      let wrapped = false;
      if (p < 0 || p >= sp) {
        if (!wrapAzimuth) continue;
        p = ((p % sp) + sp) % sp;
        wrapped = true;
      }
      const cell = (r * sp + p) * sz + z;
      const i = wrapped ? find.anywhere(cell) : find.next(cell);
      if (i < 0) continue;
      inputOf[o * taps + t] = i;
      outputOf[i * taps + t] = o;
      pairs++;
      if (t !== mirrored) {
        inputOf[i * taps + mirrored] = o;
        outputOf[o * taps + mirrored] = i;
        pairs++;
      }
    }
  }
  return { taps, inRows: rows, outRows: rows, inputOf, outputOf, pairs };
};

const isAscending = (values: Int32Array): boolean => {
  for (let i = 1; i < values.length; i++) if (values[i] <= values[i - 1]) return false;
  return true;
};

interface Finder {
  /** Cells will now be asked for in ascending order again. */
  restart(): void;
  /** Row of a cell above the one asked for before, or -1. */
  next(cell: number): number;
  /** Row of any cell, or -1. */
  anywhere(cell: number): number;
}

/** Sorted voxels shifted by a tap are still sorted: one merge per tap finds every neighbour in order of memory. */
const ascendingFinder = (linear: Int32Array): Finder => {
  const rows = linear.length;
  let at = 0;
  return {
    restart: () => {
      at = 0;
    },
    next: (cell) => {
      while (at < rows && linear[at] < cell) at++;
      return at < rows && linear[at] === cell ? at : -1;
    },
    anywhere: (cell) => {
      let low = 0;
      let high = rows;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (linear[middle] < cell) low = middle + 1;
        else high = middle;
      }
      return low < rows && linear[low] === cell ? low : -1;
    },
  };
};

const hashFinder = (linear: Int32Array): Finder => {
  const table = cellTable(linear.length);
  for (let v = 0; v < linear.length; v++) {
    if (table.find(linear[v]) >= 0) throw new RangeError(`voxel ${v}: its cell occurs twice in coords`);
    table.rows[table.insert(linear[v])] = v;
  }
  const anywhere = (cell: number): number => {
    const slot = table.find(cell);
    return slot < 0 ? -1 : table.rows[slot];
  };
  return { restart: () => {}, next: anywhere, anywhere };
};
