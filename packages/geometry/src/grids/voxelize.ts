import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type ArrayAllocator, freshArrays } from '../arrays.js';
import { type DataError, dataError } from '../errors.js';
import type { CylindricalGrid, PointCloud, VoxelizedScan } from '../types.js';
import { azimuthOf } from './azimuth-of.js';
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
  cellsOf(grid);
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

  const cellOfPoint = arrays.int32(count);
  const pointFeatures = arrays.float32(count * 9);
  for (let from = 0; from < count; from += block) {
    const to = Math.min(count, from + block);
    toCylindrical(positions, from, to);
    const bad = place(points, grid, outside === 'drop', from, to, cellOfPoint, pointFeatures);
    if (bad >= 0) return left(notFinite(points, bad, source));
  }

  const { coords, rowOfPoint } = occupiedRows(cellOfPoint, grid.shape, arrays);
  const { rho, phi, z } = grid;
  if (coords.length === 0)
    return left(
      dataError(
        'out-of-range',
        source,
        'points',
        `all ${count} points outside the grid`,
        `rho ${rho[0]}..${rho[1]} m, phi ${phi[0].toFixed(3)}..${phi[1].toFixed(3)}, z ${z[0]}..${z[1]} m`,
        'Is the cloud in the sensor frame, in metres, with z up?',
      ),
    );
  return right({ grid, coords, voxelOfPoint: rowOfPoint, pointFeatures });
};

/**
 * Points at a time. Two short loops over a block that stays in the cache are faster than a long one over all points:
 * the processor has more of the next points under way while one's azimuth is divided out.
 */
const block = 512;
const rhoOfBlock = new Float64Array(block);
const phiOfBlock = new Float64Array(block);

const toCylindrical = (positions: Float32Array, from: number, to: number): void => {
  for (let b = 0, p = from * 3, end = to - from; b < end; b++, p += 3) {
    const x = positions[p];
    const y = positions[p + 1];
    rhoOfBlock[b] = Math.sqrt(x * x + y * y);
    phiOfBlock[b] = azimuthOf(y, x);
  }
};

/** Writes cells and features of the block's points; gives the first point that is not finite, or -1. */
const place = (
  { positions, intensity }: PointCloud,
  grid: CylindricalGrid,
  drop: boolean,
  from: number,
  to: number,
  cellOfPoint: Int32Array,
  pointFeatures: Float32Array,
): number => {
  const { min, interval } = cellsOf(grid);
  const [rhoCells, phiCells, zCells] = grid.shape;
  const [rhoMin, phiMin, zMin] = min;
  const [rhoStep, phiStep, zStep] = interval;
  const rhoMax = grid.rho[1];
  const phiMax = grid.phi[1];
  const zMax = grid.z[1];
  for (let n = from, b = 0, p = from * 3, f = from * 9; n < to; n++, b++, p += 3, f += 9) {
    const z = positions[p + 2];
    const rho = rhoOfBlock[b];
    const phi = phiOfBlock[b];
    const reflected = intensity[n];
    // Finite float32 values cannot overflow float64 here: the sum is finite if and only if all of them are.
    const sum = rho + z + reflected;
    // NaN and infinity are the only numbers that do not cancel themselves.
    if (sum - sum !== 0) return n;
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
    pointFeatures[f + 6] = positions[p];
    pointFeatures[f + 7] = positions[p + 1];
    pointFeatures[f + 8] = reflected;
  }
  return -1;
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
