import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type ArrayAllocator, freshArrays } from '../arrays.js';
import { type DataError, dataError } from '../errors.js';
import type { CylindricalGrid, PointCloud, VoxelizedScan } from '../types.js';
import type { OutsideGrid } from './cell-of.js';
import { cellsOf } from './cells-of.js';
import { occupiedRows } from './occupied-rows.js';

export interface VoxelizeOptions {
  /** Default 'clamp', as in Cylinder3D; with 'drop' points outside get voxel -1 and features of zero. */
  readonly outside?: OutsideGrid;
  /** What the scan is called in errors. Default 'scan'. */
  readonly source?: string;
  /** Where the arrays of the result come from. Default: new ones. */
  readonly arrays?: ArrayAllocator;
}

/**
 * Puts the points of a scan into the cells of a cylindrical grid: cell = floor((c - min) / interval) of the clamped
 * coordinates, only occupied cells are kept, sorted by linear index (rho major, z minor). The nine features of a
 * point are Cylinder3D's (Zhu et al. 2021, section 3.2 and the released code): offset of (rho, phi, z) from the
 * voxel's centre, rho, phi, z, x, y, intensity. A clamped point keeps its true coordinates, so its offset may exceed
 * half a cell.
 *
 * Linear time; besides the result it needs 4 bytes a point and a quarter of a byte per cell of the grid.
 *
 * @returns `empty` for a scan without points, `mismatch` for arrays of different length, `malformed` for a NaN or
 *   infinite value (the error names the point), `out-of-range` when 'drop' leaves no point.
 * @throws RangeError when the grid is not one (see `cellsOf`).
 */
export const voxelize = (
  points: PointCloud,
  grid: CylindricalGrid,
  options: VoxelizeOptions = {},
): Either<DataError, VoxelizedScan> => {
  const { positions, intensity } = points;
  const { outside = 'clamp', source = 'scan', arrays = freshArrays } = options;
  const { min, interval } = cellsOf(grid);
  const count = intensity.length;
  if (positions.length !== count * 3)
    return left(
      dataError(
        'mismatch',
        source,
        'positions',
        `${positions.length} coordinates`,
        `3 for each of ${count} intensities`,
      ),
    );
  if (count === 0) return left(dataError('empty', source, 'points', 'none', 'at least one point'));

  const [rhoCells, phiCells, zCells] = grid.shape;
  const [rhoMin, phiMin, zMin] = min;
  const [rhoStep, phiStep, zStep] = interval;
  const rhoMax = grid.rho[1];
  const phiMax = grid.phi[1];
  const zMax = grid.z[1];
  const drop = outside === 'drop';
  const cellOfPoint = arrays.int32(count);
  const pointFeatures = arrays.float32(count * 9);
  for (let n = 0, p = 0, f = 0; n < count; n++, p += 3, f += 9) {
    const x = positions[p];
    const y = positions[p + 1];
    const z = positions[p + 2];
    const rho = Math.sqrt(x * x + y * y);
    const reflected = intensity[n];
    // Finite float32 values cannot overflow float64 here: the sum is finite if and only if all of them are.
    const sum = rho + z + reflected;
    // NaN and infinity are the only numbers that do not cancel themselves.
    if (sum - sum !== 0) return left(notFinite(points, n, source));
    const phi = Math.atan2(y, x);
    if (drop && (rho < rhoMin || rho > rhoMax || phi < phiMin || phi > phiMax || z < zMin || z > zMax)) {
      cellOfPoint[n] = -1;
      pointFeatures.fill(0, f, f + 9);
      continue;
    }
    const across = (rho - rhoMin) / rhoStep;
    const around = (phi - phiMin) / phiStep;
    const up = (z - zMin) / zStep;
    // Clamped first: what is left is small and not negative, so that cutting it to an integer is its floor.
    const i = across < 0 ? 0 : across >= rhoCells ? rhoCells - 1 : across | 0;
    const j = around < 0 ? 0 : around >= phiCells ? phiCells - 1 : around | 0;
    const k = up < 0 ? 0 : up >= zCells ? zCells - 1 : up | 0;
    cellOfPoint[n] = (i * phiCells + j) * zCells + k;
    pointFeatures[f] = rho - ((i + 0.5) * rhoStep + rhoMin);
    pointFeatures[f + 1] = phi - ((j + 0.5) * phiStep + phiMin);
    pointFeatures[f + 2] = z - ((k + 0.5) * zStep + zMin);
    pointFeatures[f + 3] = rho;
    pointFeatures[f + 4] = phi;
    pointFeatures[f + 5] = z;
    pointFeatures[f + 6] = x;
    pointFeatures[f + 7] = y;
    pointFeatures[f + 8] = reflected;
  }

  const { coords, rowOfPoint } = occupiedRows(cellOfPoint, grid.shape, arrays);
  if (coords.length === 0)
    return left(
      dataError(
        'out-of-range',
        source,
        'points',
        `all ${count} points outside the grid`,
        `rho ${rhoMin}..${rhoMax} m, phi ${phiMin.toFixed(3)}..${phiMax.toFixed(3)}, z ${zMin}..${zMax} m`,
        'Is the cloud in the sensor frame, in metres, with z up?',
      ),
    );
  return right({ grid, coords, voxelOfPoint: rowOfPoint, pointFeatures });
};

const notFinite = (points: PointCloud, n: number, source: string): DataError => {
  const [x, y, z] = points.positions.subarray(n * 3, n * 3 + 3);
  return dataError(
    'malformed',
    source,
    `point ${n}`,
    `x ${x}, y ${y}, z ${z}, intensity ${points.intensity[n]}`,
    'finite numbers',
  );
};
