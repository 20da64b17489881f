import { describe, expect, it } from '@jest/globals';
import { createRandom, identityPose } from '@nerfseg/geometry';
import { scribble } from './scribbles.js';
import type { SimulatedFrame } from './simulate-scene.js';

/** A floor of 60 x 60 points (class 9) with a box of 20 x 10 points on it (class 1, object 5). */
const frame = (): { frame: SimulatedFrame; labels: Uint8Array } => {
  const positions: number[] = [];
  const labels: number[] = [];
  const object: number[] = [];
  for (let x = 0; x < 60; x++) {
    for (let y = 0; y < 60; y++) {
      positions.push(x / 2, y / 2, 0);
      const boxed = x >= 20 && x < 40 && y >= 30 && y < 40;
      labels.push(boxed ? 1 : 9);
      object.push(boxed ? 5 : 0);
    }
  }
  const points = { positions: Float32Array.from(positions), intensity: new Float32Array(labels.length) };
  const sweep = { points, semantic: Uint8Array.from(labels), object: Uint16Array.from(object) };
  return {
    frame: { record: { timestamp: 0, points, globalFromEgo: identityPose(), cameras: [] }, sweep, truth: [] },
    labels: Uint8Array.from(labels),
  };
};

describe('scribble', () => {
  const { frame: scan, labels } = frame();
  const sparse = scribble(scan, labels, createRandom(1));

  it('keeps about 8 % of every object and class, and never changes a label', () => {
    for (const id of [1, 9]) {
      const all = labels.filter((label) => label === id).length;
      const kept = sparse.filter((label) => label === id).length;
      expect(kept / all).toBeGreaterThan(0.05);
      expect(kept / all).toBeLessThan(0.11);
    }
    sparse.forEach((label, i) => {
      if (label !== 0) expect(label).toBe(labels[i]);
    });
  });

  it('draws lines, not scattered points', () => {
    const { positions } = scan.record.points;
    const kept = [...sparse.keys()].filter((i) => sparse[i] !== 0);
    const lonely = kept.filter((i) =>
      kept.every(
        (j) =>
          j === i ||
          Math.hypot(positions[i * 3] - positions[j * 3], positions[i * 3 + 1] - positions[j * 3 + 1]) > 1.6,
      ),
    );
    expect(lonely.length / kept.length).toBeLessThan(0.15);
  });

  it('repeats itself with the same seed', () => {
    expect(scribble(scan, labels, createRandom(1))).toEqual(sparse);
  });
});
