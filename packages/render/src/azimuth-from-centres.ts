import type { VoxelIndex } from './types.js';

/**
 * Where an azimuth (in cells of the level, from the grid's lower bound) lies among the cells' centres: its floor is the cell whose centre
 * is before it, its fraction how far it is on the way to the next one's. -1 and `shape[1]` are the last and the first cell again where
 * azimuth wraps.
 *
 * A ring that the stride does not divide ends in a narrower cell, whose centre is nearer to its neighbours' on both sides.
 */
export const azimuthFromCentres = ({ shape, wrapAzimuth, ring }: VoxelIndex, phi: number): number => {
  const cells = shape[1];
  if (!wrapAzimuth || ring >= cells) return phi - 0.5;
  const gap = (1 + ring - (cells - 1)) / 2;
  if (phi < 0.5) return (phi - 0.5) / gap;
  const beforeLast = cells - 1.5;
  return phi > beforeLast ? cells - 2 + (phi - beforeLast) / gap : phi - 0.5;
};
