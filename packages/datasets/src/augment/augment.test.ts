import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import fc from 'fast-check';
import { type AugmentOptions, augment } from './augment.js';

const off: AugmentOptions = { rotation: 0, flip: false, scale: [1, 1], translation: 0 };
const cloud = {
  positions: Float32Array.from({ length: 30 }, (_, i) => Math.sin(i * 7) * 20),
  intensity: new Float32Array(10).fill(0.5),
  ring: new Uint8Array(10).fill(3),
};
const labels = Uint8Array.from({ length: 10 }, (_, i) => i);

/** What the option alone does, over many seeds. */
const drawn = (option: AugmentOptions): Float64Array[] =>
  Array.from(
    { length: 400 },
    (_, seed) => augment(cloud, labels, createRandom(seed), { ...off, ...option }).augmentedFromLidar,
  );

describe('augment', () => {
  it('gives the transform that it has applied', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { points, augmentedFromLidar: m } = augment(cloud, labels, createRandom(seed));
        for (let p = 0; p < 30; p += 3)
          for (let row = 0; row < 3; row++) {
            const [x, y, z] = cloud.positions.subarray(p, p + 3);
            expect(points.positions[p + row]).toBeCloseTo(
              m[row] * x + m[4 + row] * y + m[8 + row] * z + m[12 + row],
              4,
            );
          }
      }),
    );
  });

  it('leaves everything else alone', () => {
    const before = cloud.positions.slice();
    const result = augment(cloud, labels, createRandom(1));
    expect(cloud.positions).toEqual(before);
    expect(result.labels).toBe(labels);
    expect(result.points.intensity).toBe(cloud.intensity);
    expect(result.points.ring).toBe(cloud.ring);
    expect(augment(cloud, undefined, createRandom(1)).labels).toBeUndefined();
    expect(augment(cloud, labels, createRandom(1))).toEqual(result);
  });

  it('does nothing when everything is off', () => {
    const { points, augmentedFromLidar } = augment(cloud, labels, createRandom(5), off);
    expect(points.positions).toEqual(cloud.positions);
    expect(Array.from(augmentedFromLidar, Math.abs)).toEqual([
      1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1,
    ]);
  });

  it('rotates within 45 degrees about z', () => {
    const angles = drawn({ rotation: Math.PI / 4 }).map((m) => Math.atan2(m[1], m[0]));
    expect(Math.max(...angles)).toBeLessThanOrEqual(Math.PI / 4);
    expect(Math.min(...angles)).toBeGreaterThanOrEqual(-Math.PI / 4);
    expect(Math.max(...angles)).toBeGreaterThan(0.7);
    expect(Math.min(...angles)).toBeLessThan(-0.7);
  });

  it('mirrors x, y, both and neither about equally often', () => {
    const counts = new Map<string, number>();
    for (const m of drawn({ flip: true })) {
      const key = `${m[0]},${m[5]},${m[10]}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['-1,-1,1', '-1,1,1', '1,-1,1', '1,1,1']);
    for (const count of counts.values()) expect(count).toBeGreaterThan(60);
  });

  it('scales x and y alike and z not', () => {
    const matrices = drawn({ scale: [0.95, 1.05] });
    for (const m of matrices) {
      expect(m[0]).toBe(m[5]);
      expect(m[10]).toBe(1);
      expect(m[0]).toBeGreaterThanOrEqual(0.95);
      expect(m[0]).toBeLessThanOrEqual(1.05);
    }
    expect(Math.max(...matrices.map((m) => m[0])) - Math.min(...matrices.map((m) => m[0]))).toBeGreaterThan(
      0.09,
    );
  });

  it('shifts all axes by 0.1 m in the root mean square', () => {
    const matrices = drawn({ translation: 0.1 });
    for (const axis of [12, 13, 14])
      expect(Math.sqrt(matrices.reduce((sum, m) => sum + m[axis] ** 2, 0) / matrices.length)).toBeCloseTo(
        0.1,
        1,
      );
  });

  it('draws the same numbers whatever is off', () => {
    const a = augment(cloud, labels, createRandom(3)).augmentedFromLidar;
    const b = augment(cloud, labels, createRandom(3), { rotation: 0, flip: false }).augmentedFromLidar;
    expect(a.subarray(12)).toEqual(b.subarray(12));
  });
});
