import type { CameraView } from '@nerfseg/datasets';
import { devoxelize, projectPoints, type SegmentMasks } from '@nerfseg/geometry';
import { fuseProjection } from '@nerfseg/pseudolabel';
import { zBufferVisibility } from '@nerfseg/render';
import * as tf from '@tensorflow/tfjs-core';
import type { PreparedScan } from '../data/prepare-scan.js';
import type { TrainSettings } from '../train/settings.js';

/** Class and normalised entropy (0..1, over classes 1..C-1) of every row of logits; class 0 is never predicted. */
export async function confidentClasses(
  logits: tf.Tensor2D,
): Promise<{ readonly classes: Uint8Array; readonly entropy: Float32Array }> {
  const [rows, numClasses] = logits.shape;
  const [best, surprise] = tf.tidy((): [tf.Tensor1D, tf.Tensor1D] => {
    const named = tf.slice(logits, [0, 1], [rows, numClasses - 1]);
    const p = tf.softmax(named);
    const entropy = tf.div(
      tf.neg(tf.sum(tf.mul(p, tf.logSoftmax(named)), 1)),
      Math.log(Math.max(2, numClasses - 1)),
    );
    return [tf.argMax(named, 1), entropy as tf.Tensor1D];
  });
  const classes = Uint8Array.from(await best.data<'int32'>(), (index: number) => index + 1);
  const entropy = new Float32Array(await surprise.data());
  tf.dispose([best, surprise]);
  return { classes, entropy };
}

/**
 * The perspective-projection baseline: the teacher's point labels vote inside the masks that the points project into,
 * and the masks' classes go back to the points. No rendering: parallax is met by a sparse z-buffer alone.
 *
 * @param logits [V, C] the teacher's, for the un-augmented scan
 * @returns [N] pseudo-label per point, 0 for none; where cameras disagree, the first one's
 */
export async function projectionVotes(
  logits: tf.Tensor2D,
  { scan, points }: PreparedScan,
  cameras: readonly CameraView[],
  masks: readonly SegmentMasks[],
  settings: Pick<TrainSettings, 'confidentEntropy' | 'segmentEntropy' | 'minCoverage'>,
): Promise<Uint8Array> {
  const { classes, entropy } = await confidentClasses(logits);
  const pointClasses = devoxelize(scan, classes);
  const pointEntropy = new Float32Array(pointClasses.length);
  for (let i = 0; i < pointEntropy.length; i++) {
    const voxel = scan.voxelOfPoint[i]!;
    pointEntropy[i] = voxel < 0 ? 1 : entropy[voxel]!;
  }
  const result = new Uint8Array(pointClasses.length);
  for (const [i, camera] of cameras.entries()) {
    const { u, v, depth } = projectPoints(points.positions, camera.cameraFromLidar, camera);
    const visible = zBufferVisibility(u, v, depth, camera);
    const { classOfRay } = fuseProjection(masks[i]!, { u, v, visible }, pointClasses, {
      numClasses: logits.shape[1],
      entropy: pointEntropy,
      confidentEntropy: settings.confidentEntropy,
      maxSegmentEntropy: settings.segmentEntropy,
      minCoverage: settings.minCoverage,
    });
    for (let n = 0; n < result.length; n++) if (result[n] === 0) result[n] = classOfRay[n]!;
  }
  return result;
}
