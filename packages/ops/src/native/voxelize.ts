import type { Triple } from './addon.js';
import { nativeAddon } from './installed.js';

/** A cylindrical grid as `@nerfseg/geometry` describes it (`CylindricalGrid`): rho (m), phi (rad), z (m). */
export interface VoxelGrid {
  readonly rho: readonly [number, number];
  readonly phi: readonly [number, number];
  readonly z: readonly [number, number];
  readonly shape: Triple;
  /** Size of a cell: range / (shape - 1) ('released'), or range / shape (default). */
  readonly interval?: 'released' | 'plain';
}

/** Voxels of a scan: the arrays of geometry's `VoxelizedScan`. */
export interface NativeVoxels {
  /** [V*3] ascending by cell. */
  readonly coords: Int32Array;
  /** [N] row of each point's voxel, -1 for a point that was dropped. */
  readonly voxelOfPoint: Int32Array;
  /** [N*9] drho, dphi, dz, rho, phi, z, x, y, intensity. */
  readonly pointFeatures: Float32Array;
}

/**
 * The same as geometry's `voxelize`, in parallel C++; undefined without the native engine. A point that is not finite
 * throws a RangeError: check scans from outside with geometry's function, which names the point.
 *
 * @param positions [N*3] metres
 * @param intensity [N]
 */
export const nativeVoxelize = (
  positions: Float32Array,
  intensity: Float32Array,
  grid: VoxelGrid,
  outside: 'clamp' | 'drop' = 'clamp',
): NativeVoxels | undefined => {
  const addon = nativeAddon();
  if (!addon) return undefined;
  const ranges = [grid.rho, grid.phi, grid.z];
  const fewer = grid.interval === 'released' ? 1 : 0;
  const low = ranges.map(([from]) => from) as unknown as Triple;
  const high = ranges.map(([, to]) => to) as unknown as Triple;
  const interval = ranges.map(
    ([from, to], axis) => (to - from) / (grid.shape[axis] - fewer),
  ) as unknown as Triple;
  const count = intensity.length;
  const voxelOfPoint = new Int32Array(count);
  const pointFeatures = new Float32Array(count * 9);
  const coords = addon.voxelize(
    count,
    ...low,
    ...high,
    ...interval,
    ...grid.shape,
    outside === 'drop' ? 1 : 0,
    positions,
    intensity,
    voxelOfPoint,
    pointFeatures,
  );
  return { coords, voxelOfPoint, pointFeatures };
};
