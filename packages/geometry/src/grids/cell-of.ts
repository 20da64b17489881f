import type { CylindricalGrid } from '../types.js';
import { azimuthOf } from './azimuth-of.js';
import { cellsOf } from './cells-of.js';

/** What becomes of a point outside a grid: moved to the nearest cell (as Cylinder3D does), or left out. */
export type OutsideGrid = 'clamp' | 'drop';

/**
 * The cell (rho, phi, z indices) that holds a point of the sensor's frame, metres: floor((c - min) / interval) of the
 * clamped cylindrical coordinates c. With `outside: 'drop'` a point beyond the bounds has none; the upper bounds
 * themselves belong to the last cells. For many points use `voxelize`.
 */
export function cellOf(grid: CylindricalGrid, x: number, y: number, z: number): [number, number, number];
export function cellOf(
  grid: CylindricalGrid,
  x: number,
  y: number,
  z: number,
  outside: OutsideGrid,
): [number, number, number] | undefined;
export function cellOf(
  grid: CylindricalGrid,
  x: number,
  y: number,
  z: number,
  outside: OutsideGrid = 'clamp',
): [number, number, number] | undefined {
  const { min, interval } = cellsOf(grid);
  const rho = Math.sqrt(x * x + y * y);
  const phi = azimuthOf(y, x);
  if (outside === 'drop' && !(within(rho, grid.rho) && within(phi, grid.phi) && within(z, grid.z)))
    return undefined;
  return [
    cellIndex(rho, min[0], interval[0], grid.shape[0]),
    cellIndex(phi, min[1], interval[1], grid.shape[1]),
    cellIndex(z, min[2], interval[2], grid.shape[2]),
  ];
}

export const within = (value: number, range: readonly [number, number]): boolean =>
  value >= range[0] && value <= range[1];

/** Index along one axis, clamped to 0..cells-1. */
export const cellIndex = (value: number, min: number, interval: number, cells: number): number => {
  const index = Math.floor((value - min) / interval);
  return index < 0 ? 0 : index >= cells ? cells - 1 : index;
};
