import type { CylindricalGrid } from '@nerfseg/geometry';
import { popcount, rowOfCell } from './row-of-cell.js';
import type { FeatureLevel, VoxelIndex } from './types.js';

/**
 * Indexes the voxels of one feature level.
 *
 * @param coords [V*3] cells (rho, phi, z) of the level's feature rows, in any order, each at most once per scan.
 * @param grid the base grid (level 0).
 * @param level base cells per cell, and cells along each axis. Base cell i lies in cell floor(i / stride).
 * @param rows first and past-the-last feature row of the scan, where the tensor holds a batch. Default all.
 */
export const levelIndex = (
  coords: Int32Array,
  grid: CylindricalGrid,
  level: FeatureLevel,
  rows: readonly [number, number] = [0, coords.length / 3],
): VoxelIndex => {
  const { shape, stride } = level;
  for (let a = 0; a < 3; a++) {
    if (Math.ceil(grid.shape[a] / stride[a]) > shape[a])
      throw new RangeError(
        `level of shape ${shape} and stride ${stride} does not cover the grid ${grid.shape}`,
      );
  }
  const [nr, np, nz] = shape;
  // The seam's cells would be no neighbours: those beyond the ring lie between.
  if (grid.wrapAzimuth && np !== Math.ceil(grid.shape[1] / stride[1]))
    throw new RangeError(
      `level of ${np} azimuth cells of stride ${stride[1]}: more than the ring of ${grid.shape[1]}`,
    );
  const words = Math.ceil((nr * np * nz) / 32);
  const bits = new Int32Array(words);
  const bounds = Int32Array.of(nr, -1, np, -1, nz, -1);
  const count = rows[1] - rows[0];
  for (let v = rows[0]; v < rows[1]; v++) {
    for (let a = 0; a < 3; a++) {
      const c = coords[v * 3 + a];
      if (!(c >= 0 && c < shape[a]))
        throw new RangeError(`voxel ${v}: cell ${c} of axis ${a} is outside ${shape}`);
      if (c < bounds[a * 2]) bounds[a * 2] = c;
      if (c > bounds[a * 2 + 1]) bounds[a * 2 + 1] = c;
    }
    const cell = (coords[v * 3] * np + coords[v * 3 + 1]) * nz + coords[v * 3 + 2];
    const bit = 1 << (cell & 31);
    if ((bits[cell >>> 5] & bit) !== 0) throw new RangeError(`voxel ${v}: its cell occurs twice`);
    bits[cell >>> 5] |= bit;
  }
  const rank = new Int32Array(words);
  for (let w = 0, sum = 0; w < words; w++) {
    rank[w] = sum;
    sum += popcount(bits[w]);
  }
  // With rowOfRank the identity, a look-up yields the rank: that is where the row belongs.
  const ranks = { shape, stride, rows: coords.length / 3, count, bits, rank, bounds };
  const identity = {
    ...ranks,
    rowOfRank: Int32Array.from({ length: count }, (_, i) => i),
    wrapAzimuth: false,
    ring: np,
  };
  const rowOfRank = new Int32Array(count);
  for (let v = rows[0]; v < rows[1]; v++) {
    const cell = (coords[v * 3] * np + coords[v * 3 + 1]) * nz + coords[v * 3 + 2];
    rowOfRank[rowOfCell(identity, cell)] = v;
  }
  return { ...ranks, rowOfRank, wrapAzimuth: grid.wrapAzimuth ?? false, ring: grid.shape[1] / stride[1] };
};
