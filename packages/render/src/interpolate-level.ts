import type { VoxelInterpolation } from '@nerfseg/ops';
import { azimuthFromCentres } from './azimuth-from-centres.js';
import { rowOfCell } from './row-of-cell.js';
import type { InterpolationMode, VoxelIndex } from './types.js';

/**
 * How positions read one feature level, and where they lie in its cells.
 *
 * @param positions [S*3] rho, phi, z in base cells, from the grid's lower bounds; inside the grid.
 * @param mode 'nearest': the voxel of the cell, weight 1. 'trilinear': the eight cells whose centres surround the
 *   position, weighted linearly in rho, phi and z; absent voxels contribute nothing, so weights sum to at most 1.
 * @param extras, extraSize, column: offset from the cell's centre in cells (3) and summed weight are written
 *   to `extras[s * extraSize + column ...]`.
 */
export const interpolateLevel = (
  positions: Float64Array,
  index: VoxelIndex,
  mode: InterpolationMode,
  extras: Float32Array,
  extraSize: number,
  column: number,
): VoxelInterpolation => {
  const count = positions.length / 3;
  const corners = mode === 'nearest' ? 1 : 8;
  const indices = new Int32Array(count * corners);
  const weights = new Float32Array(count * corners);
  const nr = index.shape[0];
  const np = index.shape[1];
  const nz = index.shape[2];
  const sr = index.stride[0];
  const sp = index.stride[1];
  const sz = index.stride[2];
  for (let s = 0, p = 0, e = column; s < count; s++, p += 3, e += extraSize) {
    const rho = positions[p] / sr;
    const phi = positions[p + 1] / sp;
    const z = positions[p + 2] / sz;
    // Positions are not negative: | 0 is floor. The upper bounds belong to the last cells.
    let i = rho | 0;
    let j = phi | 0;
    let k = z | 0;
    if (i >= nr) i = nr - 1;
    if (j >= np) j = np - 1;
    if (k >= nz) k = nz - 1;
    let covered = 0;
    if (mode === 'nearest') {
      const row = rowOfCell(index, (i * np + j) * nz + k);
      indices[s] = row;
      weights[s] = covered = row < 0 ? 0 : 1;
    } else
      covered = surroundingVoxels(
        index,
        rho - 0.5,
        azimuthFromCentres(index, phi),
        z - 0.5,
        indices,
        weights,
        s * 8,
      );
    extras[e] = rho - i - 0.5;
    extras[e + 1] = phi - j - 0.5;
    extras[e + 2] = z - k - 0.5;
    extras[e + 3] = covered;
  }
  return { corners, indices, weights };
};

/** The eight corners around a position given in cells from the first cell's centre (see `azimuthFromCentres`); returns the summed weight. */
const surroundingVoxels = (
  index: VoxelIndex,
  rho: number,
  phi: number,
  z: number,
  indices: Int32Array,
  weights: Float32Array,
  at: number,
): number => {
  const nr = index.shape[0];
  const np = index.shape[1];
  const nz = index.shape[2];
  const i0 = Math.floor(rho);
  const j0 = Math.floor(phi);
  const k0 = Math.floor(z);
  let covered = 0;
  for (let a = 0; a < 2; a++) {
    const i = i0 + a;
    const alongRho = a === 0 ? 1 - rho + i0 : rho - i0;
    for (let b = 0; b < 2; b++) {
      let j = j0 + b;
      if (index.wrapAzimuth) j = j < 0 ? j + np : j >= np ? j - np : j;
      const isInside = i >= 0 && i < nr && j >= 0 && j < np;
      const alongPhi = alongRho * (b === 0 ? 1 - phi + j0 : phi - j0);
      const cell = (i * np + j) * nz + k0;
      for (let c = 0; c < 2; c++, at++) {
        const k = k0 + c;
        const row = isInside && k >= 0 && k < nz ? rowOfCell(index, cell + c) : -1;
        indices[at] = row;
        if (row >= 0) covered += weights[at] = alongPhi * (c === 0 ? 1 - z + k0 : z - k0);
      }
    }
  }
  return covered;
};
