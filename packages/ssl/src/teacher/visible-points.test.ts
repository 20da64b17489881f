import { beforeAll, describe, expect, it } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import { type CameraView, type PreparedScan, prepareScan } from '@nerfseg/datasets';
import { createRandom } from '@nerfseg/geometry';
import { createNerfHead, disposeNerfHead, levelIndex, type NerfHead } from '@nerfseg/render';
import * as tf from '@tensorflow/tfjs-core';
import { tinyDataset, tinyGrid, unwrap } from '../testing/tiny-dataset.js';
import { pointSemantics, voxelSemantics } from './point-semantics.js';
import { visiblePoints } from './visible-points.js';

/** A head that takes every voxel for matter of this density, 1/m. */
function matter(density: number): NerfHead {
  const head = createNerfHead(
    { levelChannels: [1], numClasses: 4, hidden: 2, layers: 1, initialDensity: density },
    createRandom(0),
  );
  const weight = head.trainable['density.weight']!;
  tf.tidy(() => weight.assign(tf.zerosLike(weight)));
  return head;
}

/** The tiny world's frame 0, a teacher of one level, and a camera this far to the left of the scanner. */
async function sceneFrom(left: number) {
  const frame = tinyDataset(1).dataset.frame(0);
  const options = { grid: tinyGrid, numClasses: 4, labelled: true, ignoreVotes: false };
  const plain = unwrap(await prepareScan(frame, options)());
  const { coords } = plain.scan;
  const rows = coords.length / 3;
  const logits = tf.zeros<tf.Rank.R2>([rows, 4]);
  const level = { stride: [1, 1, 1] as const, shape: tinyGrid.shape };
  const levels = {
    indices: [levelIndex(coords, tinyGrid, level, [0, rows])],
    features: [tf.zeros<tf.Rank.R2>([rows, 1])],
    logits,
  };
  const cameraFromLidar = Float64Array.from(frame.cameras[0].cameraFromLidar);
  cameraFromLidar[12] = left; // the camera's x points to the right
  const view: CameraView = { ...frame.cameras[0], cameraFromLidar };
  return { plain, levels, view, voxels: await voxelSemantics(logits) };
}

const wall = 2;
const post = 3;

/** The scan without the posts' points, as if beams had gaps there: their voxels are all that is left of them. */
function withoutPosts(plain: PreparedScan): PreparedScan {
  const positions = plain.points.positions.map((v, i) =>
    plain.pointLabels[Math.floor(i / 3)] === post ? NaN : v,
  );
  return { ...plain, points: { ...plain.points, positions } };
}

/** Of the wall's points that the z-buffer leaves: whether a post stands between them and the camera, well inside its outline or well beside it. */
function behindPosts(plain: PreparedScan, seen: Int32Array, left: number) {
  const { positions } = plain.points;
  const posts = [...plain.pointLabels.entries()].flatMap(([n, label]) =>
    label === post ? [[positions[n * 3 + 1]!, positions[n * 3 + 2]!] as const] : [],
  );
  const hidden: number[] = [];
  const open: number[] = [];
  for (const n of seen) {
    if (plain.pointLabels[n] !== wall) continue;
    const share = 4 / positions[n * 3]!; // posts stand at x = 4
    const y = left + share * (positions[n * 3 + 1]! - left);
    const z = share * positions[n * 3 + 2]!;
    const gap = Math.min(...posts.map(([py, pz]) => Math.hypot(py - y, pz - z)));
    if (gap < 0.15) hidden.push(n);
    else if (gap > 1.2) open.push(n);
  }
  return { hidden, open };
}

describe('visiblePoints', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('leaves out what density hides from a camera that stands elsewhere, where the z-buffer has gaps', async () => {
    const left = 1.5;
    const { plain, levels, view, voxels } = await sceneFrom(left);
    const gappy = withoutPosts(plain);
    const all = pointSemantics(gappy, voxels, view);
    const head = matter(30);
    const { hidden, open } = behindPosts(plain, all.points, left);
    expect(hidden.length).toBeGreaterThan(5);
    expect(open.length).toBeGreaterThan(30);
    const { visible, hidden: rest } = await visiblePoints(
      { head, levels },
      all,
      gappy.points,
      view,
      { minTransmittance: 0.5, finestFirst: false },
      tinyGrid,
    );
    const { points, pixels, semantics } = visible;
    const kept = new Set(points);
    expect(hidden.filter((n) => kept.has(n))).toEqual([]);
    expect(open.filter((n) => kept.has(n)).length / open.length).toBeGreaterThan(0.95);

    // Every point is one or the other.
    expect([...points, ...rest.points].sort((a, b) => a - b)).toEqual([...all.points]);

    // What is left is as it was.
    for (const [k, n] of points.entries()) {
      const before = all.points.indexOf(n);
      expect([...pixels.subarray(k * 2, k * 2 + 2)]).toEqual([
        ...all.pixels.subarray(before * 2, before * 2 + 2),
      ]);
      expect(semantics.depth[k]).toBe(all.semantics.depth[before]);
    }
    expect(semantics.probabilities).toHaveLength(points.length * 4);
    disposeNerfHead(head);
  });

  it.each([
    ['an empty world hides nothing', 1e-6, 0.5],
    ['at 0 the z-buffer alone decides', 30, 0],
  ])('%s', async (_, density, minTransmittance) => {
    const { plain, levels, view, voxels } = await sceneFrom(1.5);
    const head = matter(density);
    const settings = { minTransmittance, finestFirst: false };
    const seen = pointSemantics(plain, voxels, view);
    const { visible } = await visiblePoints({ head, levels }, seen, plain.points, view, settings, tinyGrid);
    expect(visible.points).toEqual(seen.points);
    disposeNerfHead(head);
  });

  it('frees every tensor', async () => {
    const { plain, levels, view, voxels } = await sceneFrom(1);
    const head = matter(3);
    const before = tf.memory().numTensors;
    const seen = pointSemantics(plain, voxels, view);
    await visiblePoints(
      { head, levels },
      seen,
      plain.points,
      view,
      { minTransmittance: 0.5, finestFirst: false },
      tinyGrid,
    );
    expect(tf.memory().numTensors).toBe(before);
    disposeNerfHead(head);
  });
});
