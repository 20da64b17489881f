import type { CylindricalGrid } from '../types.js';
import { cellsOf } from './cells-of.js';

/** The centre of a cell as rho (m), phi (rad), z (m): (index + 0.5) * interval + min. */
export const cellCentre = (
  grid: CylindricalGrid,
  cell: readonly [number, number, number],
): [number, number, number] => {
  const { min, interval } = cellsOf(grid);
  return [
    (cell[0] + 0.5) * interval[0] + min[0],
    (cell[1] + 0.5) * interval[1] + min[1],
    (cell[2] + 0.5) * interval[2] + min[2],
  ];
};
