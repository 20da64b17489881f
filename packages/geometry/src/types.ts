import type { NdArray } from 'ndarray';

/**
 * A rigid transform: 4x4, float64, gl-matrix's column-major storage (element row r, column c at `c * 4 + r`).
 * Named target first: `egoFromLidar` takes LiDAR coordinates to ego coordinates, so `globalFromEgo . egoFromLidar`
 * reads as it composes. Float64 because global coordinates run to kilometres and need millimetres.
 */
export type Pose = Float64Array;

/** An RGB image: shape [height, width, 3], contiguous, row by row. */
export type Image = NdArray<Uint8Array>;

/** Points of one LiDAR sweep, in the sensor's frame. */
export interface PointCloud {
  /** [N*3] metres. */
  readonly positions: Float32Array;
  /** [N] 0..1. */
  readonly intensity: Float32Array;
  /** [N] laser index, where the format has it. */
  readonly ring?: Uint8Array;
  /** [N] seconds relative to the sweep's timestamp, where the format has it. */
  readonly timeOffset?: Float32Array;
}

/** How a lens bends directions before the intrinsics apply. Made by `lensDistortion`, which knows the limit. */
export interface LensDistortion {
  /** OpenCV's default model, or its fisheye model (Kannala and Brandt). */
  readonly model: 'radial-tangential' | 'fisheye';
  /** In OpenCV's order. Radial-tangential: [12] k1 k2 p1 p2 k3 k4 k5 k6 s1 s2 s3 s4; fisheye: [4] k1 k2 k3 k4. */
  readonly coefficients: Float64Array;
  /**
   * Where the radial part stops growing; nothing beyond projects. Radial-tangential: the tangent of the angle to the
   * axis; fisheye: the angle, radians, pi / 2 at most.
   */
  readonly limit: number;
}

/** A calibrated camera: pinhole intrinsics, and its lens. Pixel (0,0) covers u, v in [0,1): its centre is at 0.5, 0.5. */
export interface PinholeCamera {
  readonly width: number;
  readonly height: number;
  /** [9] row-major K: fx 0 cx, 0 fy cy, 0 0 1, pixels. */
  readonly intrinsics: Float64Array;
  /** Absent: none, as in rectified pictures. */
  readonly distortion?: LensDistortion;
}

/** Poses of a body over time. */
export interface PoseTrack {
  /** Ascending, integer microseconds. */
  readonly timestamps: Float64Array;
  /** `globalFromBody`, one per timestamp. */
  readonly poses: readonly Pose[];
}

/** How a coordinate becomes a cell index (see `voxelize`). */
export type CellInterval = 'released' | 'plain';

/** A cylindrical grid around the sensor; axes are rho (m), phi (rad), z (m). */
export interface CylindricalGrid {
  readonly rho: readonly [number, number];
  readonly phi: readonly [number, number];
  readonly z: readonly [number, number];
  /** Cells along rho, phi, z. */
  readonly shape: readonly [number, number, number];
  /** 'released': range / (shape - 1), as Cylinder3D's code has it; 'plain': range / shape. Default 'plain'. */
  readonly interval?: CellInterval;
  /** Whether the first and the last azimuth cells are neighbours. Default false, as in the original. */
  readonly wrapAzimuth?: boolean;
}

/** A point cloud in a grid: only occupied voxels, sorted by linear index (rho major, z minor). */
export interface VoxelizedScan {
  readonly grid: CylindricalGrid;
  /** [V*3] cell indices (rho, phi, z). */
  readonly coords: Int32Array;
  /** [N] voxel row of each point, or -1 for a point that was dropped. */
  readonly voxelOfPoint: Int32Array;
  /** [N*9] drho, dphi, dz (offset from the voxel's centre), rho, phi, z, x, y, intensity; zeros for a dropped point. */
  readonly pointFeatures: Float32Array;
}

/** Rays in the LiDAR frame at the LiDAR's time. */
export interface RayBundle {
  /** [R*3] metres. */
  readonly origins: Float32Array;
  /** [R*3] unit length. */
  readonly directions: Float32Array;
  /** [R*2] column, row of the pixel each ray was cast through; -1, -1 for LiDAR rays. */
  readonly pixels: Int32Array;
  /** Metres along the ray where sampling starts and ends. */
  readonly near: number;
  readonly far: number;
}

/** What rendering says of each ray's pixel, as plain data. */
export interface PixelSemantics {
  readonly numClasses: number;
  /** [R*C] rows sum to 1. */
  readonly probabilities: Float32Array;
  /** [R] over classes 1..C-1, normalised to 0..1 by log(C-1). */
  readonly entropy: Float32Array;
  /** [R] metres, opacity-weighted. */
  readonly depth: Float32Array;
  /** [R] 0..1. */
  readonly opacity: Float32Array;
}

/** Run lengths over the image in row-major order, starting with a (possibly empty) run of zeros. */
export type RunLengths = Uint32Array;

/** Masks of one image; they may overlap. */
export interface SegmentMasks {
  readonly width: number;
  readonly height: number;
  readonly masks: readonly RunLengths[];
  /** [M] the source's own quality estimate (SAM: predicted IoU; it can exceed 1). */
  readonly score: Float32Array;
  /** [M] pixels. */
  readonly area: Uint32Array;
  /** [M*4] x0, y0, x1, y1, the last two exclusive, pixels. */
  readonly box: Int32Array;
}

/** One segment and what fusion decided about it. */
export interface FusedSegment {
  /** Index into the masks. */
  readonly mask: number;
  /** 1..C-1, or 0 when the segment was rejected. */
  readonly classId: number;
  /** Normalised entropy of the averaged distribution, 0..1. */
  readonly entropy: number;
  /** Confident rays / all rays inside the segment. */
  readonly coverage: number;
  readonly rays: number;
  /** Why it was rejected, the first that applies: nothing was confident, too few rays were, in number or in share, or they disagree. */
  readonly rejected?: 'unseen' | 'rays' | 'coverage' | 'entropy';
}

/** Pseudo-labels for the rays of one camera. */
export interface PseudoLabels {
  /** [R] class per ray; 0 = ignore. */
  readonly classOfRay: Uint8Array;
  /** [R] loss weight per ray, 0 where ignored. */
  readonly weightOfRay: Float32Array;
  /** [R] index into `segments`, or -1. */
  readonly segmentOfRay: Int32Array;
  readonly segments: readonly FusedSegment[];
}

/** Class names and colours; index = class id, 0 = ignore. */
export interface LabelSpace {
  readonly name: string;
  readonly names: readonly string[];
  /** RGB 0..255 per class. */
  readonly colors: readonly (readonly [number, number, number])[];
  readonly ignore: 0;
}

/** A seeded source of randomness, passed in wherever chance is used. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Fisher-Yates, in place; returns its argument. */
  shuffle<T extends { length: number; [i: number]: unknown }>(items: T): T;
  /** An independent generator for a named purpose; the same name gives the same stream. */
  fork(name: string): Random;
  /** Serialisable state, for checkpoints. */
  state(): readonly number[];
}
