import { describe, expect, it } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import { prepareScan } from '@nerfseg/datasets';
import { projectPoints } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import { tinyDataset, tinyGrid, unwrap } from '../testing/tiny-dataset.js';
import { joinSemantics, pointSemantics, voxelSemantics } from './point-semantics.js';
import { projectionVotes } from './projection-votes.js';

const settings = { confidentEntropy: 0.35, segmentEntropy: 0.35, minCoverage: 0.1 };

/** A frame of the tiny world, and a teacher that knows every voxel's label with the given logit. */
async function taught(logit: number) {
  const { dataset, masks } = tinyDataset(1);
  const frame = dataset.frame(0);
  const prepared = unwrap(
    await prepareScan(frame, { grid: tinyGrid, numClasses: 4, labelled: true, ignoreVotes: false })(),
  );
  const logits = tf.tidy(
    () => tf.mul(tf.oneHot(tf.tensor1d(prepared.labels, 'int32'), 4), logit) as tf.Tensor2D,
  );
  const semantics = await voxelSemantics(logits);
  logits.dispose();
  const view = frame.cameras[0];
  return { prepared, semantics, view, masks: unwrap(await masks(view)()) };
}

describe('voxelSemantics', () => {
  it('gives probabilities over classes 1..C-1 and their normalised entropy', async () => {
    const { numClasses, probabilities, entropy } = await voxelSemantics(
      tf.tensor2d([
        [9, 0, 0, 0],
        [0, 20, 0, 0],
      ]),
    );
    expect(numClasses).toBe(4);
    expect(probabilities[0]).toBe(0);
    expect(probabilities[1]).toBeCloseTo(1 / 3, 5);
    expect(entropy[0]).toBeCloseTo(1, 5);
    expect(probabilities[5]).toBeCloseTo(1, 5);
    expect(entropy[1]).toBeCloseTo(0, 4);
  });
});

describe('pointSemantics', () => {
  it('puts visible points at the pixels where their class stands in the picture', async () => {
    const { prepared, semantics, view, masks } = await taught(12);
    const seen = pointSemantics(prepared, semantics, view);
    expect(seen.points.length).toBeGreaterThan(100);
    const pointClasses = new Uint8Array(prepared.pointLabels.length);
    projectionVotes([{ seen, masks }], settings, pointClasses);
    let labelled = 0;
    let right = 0;
    for (const [n, label] of pointClasses.entries()) {
      if (label === 0) continue;
      labelled += 1;
      if (label === prepared.pointLabels[n]) right += 1;
    }
    expect(labelled).toBeGreaterThan(50);
    expect(right / labelled).toBeGreaterThan(0.9);
  });

  it('takes every point in the picture where no z-buffer is asked for', async () => {
    const { prepared, semantics, view: onCar } = await taught(12);
    // Three metres aside things stand before what the scanner sees beside them.
    const cameraFromLidar = Float64Array.from(onCar.cameraFromLidar);
    cameraFromLidar[12] += 3;
    const view = { ...onCar, cameraFromLidar };
    const { visible } = projectPoints(prepared.points.positions, view.cameraFromLidar, view);
    const straight = pointSemantics(prepared, semantics, view, 'all');
    expect([...straight.points]).toEqual(
      Array.from(visible, (_, n) => n).filter((n) => visible[n] === 1 && prepared.scan.voxelOfPoint[n]! >= 0),
    );
    const seen = new Set(pointSemantics(prepared, semantics, view).points);
    expect(seen.size).toBeLessThan(straight.points.length);
    expect([...seen].every((n) => straight.points.includes(n))).toBe(true);
  });

  it('an unsure teacher labels nothing', async () => {
    const { prepared, semantics, view, masks } = await taught(0.1);
    const pointClasses = new Uint8Array(prepared.pointLabels.length);
    projectionVotes([{ seen: pointSemantics(prepared, semantics, view), masks }], settings, pointClasses);
    expect(pointClasses.every((label) => label === 0)).toBe(true);
  });

  it('the first camera that labels a point decides', async () => {
    const { prepared, semantics, view, masks } = await taught(12);
    const pointClasses = new Uint8Array(prepared.pointLabels.length).fill(3);
    projectionVotes([{ seen: pointSemantics(prepared, semantics, view), masks }], settings, pointClasses);
    expect(pointClasses.every((label) => label === 3)).toBe(true);
  });

  it('joins with rendered semantics row by row', async () => {
    const { prepared, semantics, view } = await taught(12);
    const { semantics: one } = pointSemantics(prepared, semantics, view);
    const two = joinSemantics(one, one);
    expect(two.entropy).toHaveLength(2 * one.entropy.length);
    expect(two.probabilities.slice(one.probabilities.length)).toEqual(one.probabilities);
  });
});
