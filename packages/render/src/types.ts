import type { PinholeCamera, Pose } from '@nerfseg/geometry';
import type { PackedRays, VoxelInterpolation } from '@nerfseg/ops';

/** A calibrated camera: `cameraFromLidar` joins the LiDAR's frame and time to the camera's frame and time. */
export interface RayCamera extends PinholeCamera {
  readonly cameraFromLidar: Pose;
}

/** Where sampling starts and ends, metres along the ray (not the camera's z). */
export interface RayLimits {
  readonly near: number;
  readonly far: number;
}

/** The grid of one feature level: how many base cells a cell spans, and how many cells there are. */
export interface FeatureLevel {
  /** Base cells per cell along rho, phi, z; accumulated over the levels above. */
  readonly stride: readonly [number, number, number];
  /** Cells along rho, phi, z; normally ceil(grid.shape / stride); along phi exactly that where azimuth wraps. */
  readonly shape: readonly [number, number, number];
}

/**
 * From a cell of one feature level to the row of its voxel: one bit per cell, and for every 32 cells the number of
 * voxels before them. 480 x 360 x 32 cells take 1.4 MB, against 22 MB for a dense table, and stay in the cache.
 */
export interface VoxelIndex extends FeatureLevel {
  /** Rows of the level's feature tensor (of the whole batch). */
  readonly rows: number;
  /** Voxels in the index (of one scan). */
  readonly count: number;
  /** [ceil(cells/32)] one bit per cell, cell = (rho * shape[1] + phi) * shape[2] + z. */
  readonly bits: Int32Array;
  /** [ceil(cells/32)] voxels in the words before. */
  readonly rank: Int32Array;
  /** [count] feature row of the voxels in order of their cell. */
  readonly rowOfRank: Int32Array;
  /** [6] first and last occupied cell along each axis: rho, rho, phi, phi, z, z (first > last when empty). */
  readonly bounds: Int32Array;
  /** Whether the first and last azimuth cells are neighbours. */
  readonly wrapAzimuth: boolean;
  /** Cells that make a full turn where azimuth wraps: less than `shape[1]` where the stride does not divide the grid, whose last cell is then narrower. */
  readonly ring: number;
}

/** How a sample reads a level: the voxel it lies in, or the eight whose centres surround it. */
export type InterpolationMode = 'nearest' | 'trilinear';

/** Samples along rays with, for every feature level, the voxels they read. */
export interface RaySamples extends PackedRays {
  /** Number of rays R. */
  readonly rayCount: number;
  /** Number of samples S. */
  readonly sampleCount: number;
  readonly interpolation: InterpolationMode;
  /** Per level, [S] interpolations into that level's feature rows. */
  readonly levels: readonly VoxelInterpolation[];
  /** Per level, how many feature rows its interpolation refers to. */
  readonly levelRows: readonly number[];
  /**
   * [S * extraSize] what a voxel's feature cannot say: per level the position relative to the cell's centre, in
   * cells (rho, phi, z: -0.5..0.5), and the summed interpolation weight (1: fully covered, 0: absent); then
   * log(1 + rho / 1 m) / 4 and z / 4 m. Cells are wider than thin objects; these let the head resolve them.
   */
  readonly extras: Float32Array;
  /** 4 * levels + 2. */
  readonly extraSize: number;
}
