import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { registerStandardGradients } from '@nerfseg/ops';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { freeSpaceLoss } from '../losses/free-space.js';
import { silentRays } from './silent-rays.js';

const identity = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);

/** A wall from yaw 0 to 90 degrees up to 20 degrees, and one return at 10 degrees elsewhere. */
function wall(): Float32Array {
  const positions: number[] = [];
  for (let yaw = 0; yaw < 90; yaw += 0.5)
    for (let pitch = -20; pitch < 20; pitch += 0.5) {
      const [a, e] = [(yaw * Math.PI) / 180, (pitch * Math.PI) / 180];
      positions.push(10 * Math.cos(e) * Math.cos(a), 10 * Math.cos(e) * Math.sin(a), 10 * Math.sin(e));
    }
  positions.push(-10, 0, 10 * Math.tan((10 * Math.PI) / 180));
  return Float32Array.from(positions);
}

describe('silentRays', () => {
  it('looks between the horizontal and the highest return, where nothing came back', () => {
    const { directions, origins } = silentRays(wall(), identity, 5000, 60, createRandom(1));
    expect(directions.length / 3).toBeGreaterThan(800);
    for (let r = 0; r < directions.length; r += 3) {
      const [x, y, z] = directions.subarray(r, r + 3);
      expect(Math.hypot(x, y, z)).toBeCloseTo(1, 5);
      const pitch = (Math.asin(z) * 180) / Math.PI;
      const yaw = (Math.atan2(y, x) * 180) / Math.PI;
      expect(pitch).toBeGreaterThanOrEqual(-1e-4);
      expect(pitch).toBeLessThanOrEqual(20 + 1e-4);
      expect(yaw > -2 && yaw < 92).toBe(false);
      expect(Math.hypot(pitch - 10, 180 - Math.abs(yaw))).toBeGreaterThan(2);
    }
    expect(origins.every((v) => v === 0)).toBe(true);
  });

  it('follows the augmentation, keeps to its budget, and is empty where there is nothing to say', () => {
    const half = Float64Array.of(0, 0.5, 0, 0, -0.5, 0, 0, 0, 0, 0, 1, 0, 1, 2, 3, 1);
    const moved = silentRays(wall(), half, 7, 60, createRandom(1));
    expect(moved.directions).toHaveLength(21);
    expect([...moved.origins.subarray(0, 3)]).toEqual([1, 2, 3]);
    expect(silentRays(new Float32Array(0), identity, 0, 60, createRandom(1)).directions).toHaveLength(0);
  });
});

describe('freeSpaceLoss', () => {
  it('is the mean optical depth of the free rays, limited, with a finite gradient everywhere', async () => {
    await tf.setBackend('cpu');
    registerStandardGradients();
    const loss = (o: tf.Tensor): tf.Scalar => freeSpaceLoss(o as tf.Tensor1D, Uint8Array.of(1, 1, 0));
    const opacity = tf.tensor1d([1 - Math.exp(-0.5), 1, 0.9]);
    expect(loss(opacity).dataSync()[0]).toBeCloseTo((0.5 + 8) / 2, 2);
    for (const g of tf.grad(loss)(opacity).dataSync()) expect(Number.isFinite(g)).toBe(true);
    expect(freeSpaceLoss(opacity, new Uint8Array(3)).dataSync()[0]).toBe(0);
    // What wasm gives as the sum of nothing is whatever lay in memory.
    await tf.setBackend('wasm');
    expect(freeSpaceLoss(tf.tensor1d([]), new Uint8Array(0)).dataSync()[0]).toBe(0);
  });
});
