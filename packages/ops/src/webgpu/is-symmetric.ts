import type { KernelMap } from '../kernels.js';

/**
 * Whether a map read backwards is itself with its taps in reverse order: the row that reads row r at tap k is then the one that r reads at tap
 * `taps - 1 - k`. Submanifold maps of odd kernels are; then one table serves both directions.
 */
export const isSymmetric = ({ taps, parts }: KernelMap): boolean =>
  parts?.every(
    ({ inCoords, outCoords, inStart, outStart, padding, taps: offsets }) =>
      inCoords === outCoords &&
      inStart === outStart &&
      offsets.every((offset, tap) =>
        offset.every((k, axis) => k + offsets[taps - 1 - tap][axis] === 2 * padding[axis]),
      ),
  ) ?? false;
