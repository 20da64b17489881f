import type { CylindricalGrid } from '../types.js';
import { cellsOf } from './cells-of.js';

/** Data sets whose customary grid is known. */
export type GridPreset = 'semantickitti' | 'nuscenes';

const heights = { semantickitti: [-4, 2], nuscenes: [-5, 3] } as const;

/**
 * Cylinder3D's grid for a data set: 480 x 360 x 32 cells, rho 0..50 m, phi -pi..pi, z -4..2 m (SemanticKITTI) or
 * -5..3 m (nuScenes), cells of range / shape.
 *
 * @param overrides replace fields, e.g. `{ shape: [240, 180, 20] }`, or `{ interval: 'released' }` for published weights.
 * @throws RangeError when the overridden grid is not one (see `cellsOf`).
 */
export const cylindricalGrid = (
  preset: GridPreset,
  overrides: Partial<CylindricalGrid> = {},
): CylindricalGrid => {
  const grid: CylindricalGrid = {
    rho: [0, 50],
    phi: [-Math.PI, Math.PI],
    z: heights[preset],
    shape: [480, 360, 32],
    interval: 'plain',
    wrapAzimuth: false,
    ...overrides,
  };
  cellsOf(grid);
  return grid;
};
