import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CameraView, PreparedScan } from '@nerfseg/datasets';
import { type DataError, projectPoints, type SegmentMasks, zBufferVisibility } from '@nerfseg/geometry';
import { nothingThere, segmentsAtPixels, toLabelMap } from '@nerfseg/pseudolabel';
import { readGroundTruth, skyClass } from '@nerfseg/sim';
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js';

/** Where the truth of a picture comes from: every pixel of a simulated one, or the labelled points that a camera sees. */
export type TruthKind = 'pixels' | 'points';

/** Pixels of known truth, and the mask that each belongs to. */
export interface ViewTruth {
  /** [P] index of the smallest mask over it, -1 for none. */
  readonly maskOfPixel: Int32Array;
  /** [P] 1..C-1, 0 unknown, `nothingThere` for sky. */
  readonly classes: Uint8Array;
}

/** Simulated data sets have the truth of pixels; all others that of points. */
export const truthKindOf = (root: string): TruthKind =>
  existsSync(join(root, 'groundtruth')) ? 'pixels' : 'points';

/** The true classes of all pixels of a simulated picture. */
export async function pixelTruth(
  root: string,
  sequence: string,
  view: CameraView,
  masks: SegmentMasks,
): Promise<Either<DataError, ViewTruth>> {
  const key = { sequence, camera: view.name, timestamp: view.timestamp };
  const truth = await readGroundTruth(root, key)();
  if (isLeft(truth)) return truth;
  const classes = truth.right.classes.map((id) => (id === skyClass ? nothingThere : id));
  return right({ maskOfPixel: Int32Array.from(toLabelMap(masks)), classes });
}

/** The labels of the points that a camera sees, at the pixels that they project to. */
export function pointTruth(
  { points, pointLabels }: Pick<PreparedScan, 'points' | 'pointLabels'>,
  view: CameraView,
  masks: SegmentMasks,
): ViewTruth {
  const { u, v, depth } = projectPoints(points.positions, view.cameraFromLidar, view);
  const visible = zBufferVisibility(u, v, depth, view);
  const seen: number[] = [];
  for (let n = 0; n < visible.length; n++) if (visible[n] === 1) seen.push(n);
  const pixels = new Int32Array(seen.length * 2);
  for (const [k, n] of seen.entries()) {
    pixels[2 * k] = Math.floor(u[n]!);
    pixels[2 * k + 1] = Math.floor(v[n]!);
  }
  return {
    maskOfPixel: segmentsAtPixels(masks, pixels),
    classes: Uint8Array.from(seen, (n) => pointLabels[n]!),
  };
}
