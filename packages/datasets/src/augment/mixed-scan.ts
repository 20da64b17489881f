import type { PointCloud } from '@nerfseg/geometry';
import { composeAffine, identityAffine } from './transform-affine.js';

/** A scan to be mixed: as it was read, or as `augment` left it. */
export interface MixInput {
  readonly points: PointCloud;
  /** [N] class ids; absent: unknown, 0. */
  readonly labels?: Uint8Array | undefined;
  /** What was done to the LiDAR frame before: 4x4 affine, column-major. Default: nothing. */
  readonly augmentedFromLidar?: Float64Array;
  /** [N] rows of the points in the scan as it was read, where some were dropped. */
  readonly kept?: Int32Array;
}

/** Points that came from one scan by one transform. */
export interface MixPart {
  /** Which of the scans that were mixed: 0 or 1. */
  readonly scan: number;
  /** 4x4 affine, column-major: from that scan's LiDAR frame, before any augmentation, to the mixed one's. */
  readonly mixedFromLidar: Float64Array;
}

/** Where the points of a scan came from. */
export interface PointOrigins {
  readonly parts: readonly MixPart[];
  /** [N] index into `parts`. */
  readonly partOfPoint: Uint8Array;
  /** [N] row of the point in its scan as it was read: where its teacher's labels, its instance, ... are. */
  readonly rowOfPoint: Int32Array;
}

/** A scan that was put together from two. */
export interface MixedScan {
  readonly points: PointCloud;
  /** [N] class ids, 0 where the scan that a point is from has no labels. */
  readonly labels: Uint8Array;
  readonly origins: PointOrigins;
}

/** Points to take: rows of one of the inputs, turned by an affine of the augmented frame where there is one. */
export interface Piece {
  readonly scan: 0 | 1;
  readonly rows: Int32Array;
  readonly moved?: Float64Array;
}

/** Puts pieces together, one after another. */
export const assemble = (inputs: readonly [MixInput, MixInput], pieces: readonly Piece[]): MixedScan => {
  const count = pieces.reduce((sum, { rows }) => sum + rows.length, 0);
  const both = (has: (points: PointCloud) => unknown): boolean => inputs.every(({ points }) => has(points));
  const positions = new Float32Array(count * 3);
  const intensity = new Float32Array(count);
  const ring = both(({ ring }) => ring) ? new Uint8Array(count) : undefined;
  const timeOffset = both(({ timeOffset }) => timeOffset) ? new Float32Array(count) : undefined;
  const labels = new Uint8Array(count);
  const partOfPoint = new Uint8Array(count);
  const rowOfPoint = new Int32Array(count);
  let at = 0;
  for (const [part, { scan, rows, moved }] of pieces.entries()) {
    const { points, labels: known, kept } = inputs[scan];
    for (let i = 0; i < rows.length; i++, at++) {
      const row = rows[i];
      for (let axis = 0; axis < 3; axis++) positions[at * 3 + axis] = points.positions[row * 3 + axis];
      if (moved) move(positions, at * 3, moved);
      intensity[at] = points.intensity[row];
      if (ring) ring[at] = points.ring![row];
      if (timeOffset) timeOffset[at] = points.timeOffset![row];
      labels[at] = known ? known[row] : 0;
      partOfPoint[at] = part;
      rowOfPoint[at] = kept ? kept[row] : row;
    }
  }
  const parts = pieces.map(({ scan, moved }): MixPart => {
    const before = inputs[scan].augmentedFromLidar ?? identityAffine();
    return { scan, mixedFromLidar: moved ? composeAffine(moved, before) : before };
  });
  return {
    points: { positions, intensity, ...(ring ? { ring } : {}), ...(timeOffset ? { timeOffset } : {}) },
    labels,
    origins: { parts, partOfPoint, rowOfPoint },
  };
};

const move = (positions: Float32Array, at: number, m: Float64Array): void => {
  const x = positions[at];
  const y = positions[at + 1];
  const z = positions[at + 2];
  for (let axis = 0; axis < 3; axis++)
    positions[at + axis] = m[axis] * x + m[4 + axis] * y + m[8 + axis] * z + m[12 + axis];
};

/** Indices of the points that a predicate picks. */
export const rowsWhere = (count: number, picks: (i: number) => boolean): Int32Array => {
  const rows = new Int32Array(count);
  let found = 0;
  for (let i = 0; i < count; i++) if (picks(i)) rows[found++] = i;
  return rows.slice(0, found);
};
