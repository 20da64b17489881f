import { encodeScans, type Network, type PredictOptions, planScans, segmentScan } from '@nerfseg/backbone';
import {
  type CylindricalGrid,
  type DataError,
  dataError,
  devoxelize,
  type PointCloud,
  type VoxelizedScan,
  voxelize,
} from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** Classes of a scan's points and voxels. */
export interface PredictedScan {
  /** [N] */
  readonly points: Uint8Array;
  /** [V] */
  readonly voxels: Uint8Array;
}

/**
 * Labels a scan; with `views` above 1 by test-time augmentation: the scan is also seen turned about the vertical by
 * k / views of a circle, every other time mirrored, and each point takes the class of the highest mean probability,
 * each voxel that of its points' mean. Points that were dropped because they lie outside the grid get 0. On a grid that does not go
 * all around, whose points would be turned out of it, several views are a `mismatch`.
 *
 * @param points what `scan` was voxelized from.
 */
export const predictPoints =
  (
    network: Network,
    points: PointCloud,
    scan: VoxelizedScan,
    grid: CylindricalGrid,
    {
      views = 1,
      source = 'scan',
      ...options
    }: PredictOptions & { readonly views?: number; readonly source?: string } = {},
  ): TaskEither<DataError, PredictedScan> =>
  async () => {
    if (!(Number.isInteger(views) && views > 0)) throw new RangeError(`predictPoints: ${views} views`);
    if (views === 1) {
      const voxels = await segmentScan(network, scan, options);
      return E.right({ voxels, points: devoxelize(scan, voxels) });
    }
    const [from, to] = grid.phi;
    // A cell's width is forgiven: written bounds are rounded.
    if (2 * Math.PI - (to - from) > (to - from) / grid.shape[1])
      return E.left(
        dataError(
          'mismatch',
          source,
          'views',
          `${views} views on a grid of azimuth ${from.toFixed(3)} to ${to.toFixed(3)}`,
          'a grid that goes all around, or one view: others are turned about the vertical',
        ),
      );
    const classes = network.config.numClasses - 1;
    const sum = new Float32Array(points.intensity.length * classes);
    const outside = scan.voxelOfPoint.includes(-1) ? 'drop' : 'clamp';
    for (let view = 0; view < views; view++) {
      const seen =
        view === 0 ? E.right(scan) : voxelize(turned(points, view, views), grid, { source, outside });
      if (E.isLeft(seen)) return seen;
      addProbabilities(
        sum,
        await voxelProbabilities(network, seen.right, options),
        seen.right.voxelOfPoint,
        classes,
      );
    }
    const ofVoxels = new Float32Array((scan.coords.length / 3) * classes);
    for (const [n, v] of scan.voxelOfPoint.entries())
      if (v >= 0) for (let c = 0; c < classes; c++) ofVoxels[v * classes + c]! += sum[n * classes + c]!;
    const voxels = bestClasses(ofVoxels, classes);
    const dropped = (n: number): boolean => scan.voxelOfPoint[n]! < 0;
    return E.right({ voxels, points: bestClasses(sum, classes).map((c, n) => (dropped(n) ? 0 : c)) });
  };

/** Turned by `view / views` of a circle; mirrored when the view is odd. */
function turned(points: PointCloud, view: number, views: number): PointCloud {
  const angle = (2 * Math.PI * view) / views;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const mirror = view % 2 === 1 ? -1 : 1;
  const positions = new Float32Array(points.positions.length);
  for (let p = 0; p < positions.length; p += 3) {
    const x = points.positions[p]!;
    const y = mirror * points.positions[p + 1]!;
    positions[p] = cos * x - sin * y;
    positions[p + 1] = sin * x + cos * y;
    positions[p + 2] = points.positions[p + 2]!;
  }
  return { ...points, positions };
}

/** [V*(C-1)] probabilities of the classes from 1 on: class 0 is never said. */
async function voxelProbabilities(
  network: Network,
  scan: VoxelizedScan,
  options: PredictOptions,
): Promise<Float32Array> {
  const { logits } = encodeScans(network, planScans([scan], network.config), {
    ...options,
    training: false,
    levels: false,
  });
  const [rows, width] = logits.shape;
  const probabilities = tf.tidy(() => tf.softmax(tf.slice(logits, [0, 1], [rows, width - 1])));
  const data = await probabilities.data<'float32'>();
  tf.dispose([probabilities, logits]);
  return data;
}

function addProbabilities(
  into: Float32Array,
  ofVoxels: Float32Array,
  voxelOfPoint: Int32Array,
  classes: number,
): void {
  for (let n = 0; n < voxelOfPoint.length; n++) {
    const v = voxelOfPoint[n]!;
    if (v < 0) continue;
    for (let c = 0; c < classes; c++) into[n * classes + c]! += ofVoxels[v * classes + c]!;
  }
}

function bestClasses(probabilities: Float32Array, classes: number): Uint8Array {
  const best = new Uint8Array(probabilities.length / classes);
  for (let row = 0; row < best.length; row++) {
    let top = 0;
    for (let c = 1; c < classes; c++)
      if (probabilities[row * classes + c]! > probabilities[row * classes + top]!) top = c;
    best[row] = top + 1;
  }
  return best;
}
