import type { CameraView, PreparedScan } from '@nerfseg/datasets';
import { type PixelSemantics, projectPoints, zBufferVisibility } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import { joinFloats } from '../data/join.js';
import type { PointVisibility } from './point-visibility.js';

/** Class probabilities of voxels, as plain data; class 0 has none. */
export interface VoxelSemantics {
  readonly numClasses: number;
  /** [V*C] rows sum to 1. */
  readonly probabilities: Float32Array;
  /** [V] over classes 1..C-1, normalised to 0..1. */
  readonly entropy: Float32Array;
}

/** What the voxel head says, from its logits [V, C]. */
export async function voxelSemantics(logits: tf.Tensor2D): Promise<VoxelSemantics> {
  const [rows, numClasses] = logits.shape;
  const [p, surprise] = tf.tidy((): [tf.Tensor, tf.Tensor] => {
    const named = tf.slice(logits, [0, 1], [rows, numClasses - 1]);
    const likely = tf.softmax(named);
    const entropy = tf.neg(tf.sum(tf.mul(likely, tf.logSoftmax(named)), 1));
    return [
      tf.concat([tf.zeros([rows, 1]), likely], 1),
      tf.div(entropy, Math.log(Math.max(2, numClasses - 1))),
    ];
  });
  const probabilities = new Float32Array(await p.data<'float32'>());
  const entropy = new Float32Array(await surprise.data<'float32'>());
  tf.dispose([p, surprise]);
  return { numClasses, probabilities, entropy };
}

/** LiDAR points that a camera sees, as if each were a rendered ray of full opacity. */
export interface PointSemantics {
  /** [K] which points. */
  readonly points: Int32Array;
  /** [K*2] column, row. */
  readonly pixels: Int32Array;
  readonly semantics: PixelSemantics;
}

/** Projects the scan's points (un-augmented) into a camera; those that it is taken to see carry their voxel's probabilities. */
export function pointSemantics(
  { scan, points }: Pick<PreparedScan, 'scan' | 'points'>,
  { numClasses, probabilities, entropy }: VoxelSemantics,
  camera: CameraView,
  visibility: PointVisibility = 'z-buffer',
): PointSemantics {
  const { u, v, depth, visible: inPicture } = projectPoints(points.positions, camera.cameraFromLidar, camera);
  const visible = visibility === 'all' ? inPicture : zBufferVisibility(u, v, depth, camera);
  const seen: number[] = [];
  for (let n = 0; n < visible.length; n++) if (visible[n] === 1 && scan.voxelOfPoint[n] >= 0) seen.push(n);
  const pixels = new Int32Array(seen.length * 2);
  const rows = new Float32Array(seen.length * numClasses);
  for (const [k, n] of seen.entries()) {
    const voxel = scan.voxelOfPoint[n];
    pixels[k * 2] = Math.floor(u[n]);
    pixels[k * 2 + 1] = Math.floor(v[n]);
    rows.set(probabilities.subarray(voxel * numClasses, (voxel + 1) * numClasses), k * numClasses);
  }
  return {
    points: Int32Array.from(seen),
    pixels,
    semantics: {
      numClasses,
      probabilities: rows,
      entropy: Float32Array.from(seen, (n) => entropy[scan.voxelOfPoint[n]]),
      depth: Float32Array.from(seen, (n) => depth[n]),
      opacity: new Float32Array(seen.length).fill(1),
    },
  };
}

/** Two sets of pixels as one, for a joint vote. */
export function joinSemantics(a: PixelSemantics, b: PixelSemantics): PixelSemantics {
  return {
    numClasses: a.numClasses,
    probabilities: joinFloats([a.probabilities, b.probabilities]),
    entropy: joinFloats([a.entropy, b.entropy]),
    depth: joinFloats([a.depth, b.depth]),
    opacity: joinFloats([a.opacity, b.opacity]),
  };
}
