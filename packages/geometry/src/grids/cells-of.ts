import type { CylindricalGrid } from '../types.js';

/** Cell (i, j, k) spans `min + index * interval` to `min + (index + 1) * interval` along each axis. */
export interface GridCells {
  /** Lower bounds of rho (m), phi (rad), z (m). */
  readonly min: readonly [number, number, number];
  /** Size of a cell in rho (m), phi (rad), z (m). */
  readonly interval: readonly [number, number, number];
}

/** rad; more than rounding of written settings, less than any cell. */
const slack = 1e-6;

/**
 * Where a grid's cells are. 'plain' intervals (the default) divide the range into `shape` cells. 'released' ones, as
 * in Cylinder3D's code, are range / (shape - 1): the last cell of each axis then begins at the upper bound and holds
 * only what was clamped there.
 *
 * @throws RangeError for a range that is empty or not finite, a negative rho, azimuth beyond -pi..pi (where `azimuthOf` has its
 *   values), a shape that is not positive integers (at least 2 with 'released'), 2^31 cells and more, which linear indices could not
 *   name, or `wrapAzimuth` where the first and the last cell are no neighbours: less than a full turn, or 'released' intervals.
 */
export const cellsOf = (grid: CylindricalGrid): GridCells => {
  const { rho, phi, z, shape } = grid;
  const fewest = grid.interval === 'released' ? 2 : 1;
  const size = (axis: number, range: readonly [number, number]): number => {
    const cells = shape[axis];
    const extent = range[1] - range[0];
    if (!(Number.isInteger(cells) && cells >= fewest))
      throw new RangeError(`grid: shape [${shape.join(', ')}] is not integers of at least ${fewest}`);
    if (!(extent > 0 && extent < Number.POSITIVE_INFINITY))
      throw new RangeError(`grid: ${range[0]} to ${range[1]} is not a range`);
    return extent / (grid.interval === 'released' ? cells - 1 : cells);
  };
  const interval = [size(0, rho), size(1, phi), size(2, z)] as const;
  if (rho[0] < 0) throw new RangeError(`grid: rho begins at ${rho[0]}, below 0`);
  if (!(phi[0] >= -Math.PI - slack && phi[1] <= Math.PI + slack))
    throw new RangeError(`grid: azimuth ${phi[0]} to ${phi[1]} leaves -pi to pi`);
  if (grid.wrapAzimuth && grid.interval === 'released')
    throw new RangeError(
      "grid: 'released' intervals cannot wrap: the last azimuth cell holds only what is at pi",
    );
  if (grid.wrapAzimuth && phi[1] - phi[0] < 2 * Math.PI - slack)
    throw new RangeError(`grid: azimuth ${phi[0]} to ${phi[1]} is no full turn, so that it cannot wrap`);
  if (shape[0] * shape[1] * shape[2] >= 2 ** 31) throw new RangeError('grid: 2^31 cells or more');
  return { min: [rho[0], phi[0], z[0]], interval };
};
