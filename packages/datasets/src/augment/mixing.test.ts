import { describe, expect, it } from '@jest/globals';
import { createRandom, type PointCloud } from '@nerfseg/geometry';
import fc from 'fast-check';
import { augment } from './augment.js';
import { pointsKept } from './drop-points.js';
import { laserMix } from './laser-mix.js';
import type { MixedScan, MixInput } from './mixed-scan.js';
import { polarMix } from './polar-mix.js';

const random = createRandom('clouds');
/** Points all around, from 40 degrees below the horizon to 20 above; the intensity is the row. */
const cloud = (count: number): PointCloud => {
  const positions = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    const [rho, azimuth] = [1 + 40 * random.next(), 2 * Math.PI * random.next()];
    const inclination = ((60 * random.next() - 40) * Math.PI) / 180;
    positions.set([rho * Math.cos(azimuth), rho * Math.sin(azimuth), rho * Math.tan(inclination)], i * 3);
  }
  return {
    positions,
    intensity: Float32Array.from({ length: count }, (_, i) => i),
    ring: new Uint8Array(count).fill(7),
  };
};
const counts = [80, 60] as const;
const raw = counts.map(cloud);
const labels = counts.map((count) => Uint8Array.from({ length: count }, (_, i) => i % 20));
const plain = raw.map((points, i): MixInput => ({ points, labels: labels[i] }));
const pair = [plain[0], plain[1]] as const;

/** Every point is what its origin says: the scan's row, by the part's affine, with its label and all else. */
const expectOrigins = ({ points, labels: mixed, origins }: MixedScan): void => {
  const { parts, partOfPoint, rowOfPoint } = origins;
  expect(mixed).toHaveLength(points.intensity.length);
  expect(points.positions).toHaveLength(points.intensity.length * 3);
  for (let i = 0; i < mixed.length; i++) {
    const { scan, mixedFromLidar: m } = parts[partOfPoint[i]];
    const row = rowOfPoint[i];
    expect(points.intensity[i]).toBe(row);
    expect(mixed[i]).toBe(labels[scan][row]);
    expect(points.ring![i]).toBe(7);
    const [x, y, z] = raw[scan].positions.subarray(row * 3);
    for (let axis = 0; axis < 3; axis++)
      expect(points.positions[i * 3 + axis]).toBeCloseTo(
        m[axis] * x + m[4 + axis] * y + m[8 + axis] * z + m[12 + axis],
        3,
      );
  }
};

const inclinationOf = ({ positions }: PointCloud, i: number): number =>
  (Math.atan2(positions[i * 3 + 2], Math.hypot(positions[i * 3], positions[i * 3 + 1])) * 180) / Math.PI;

describe('laserMix', () => {
  it('exchanges every second area of inclination, and loses nothing', () => {
    for (const areas of [2, 3, 4, 5, 6]) {
      const [a, b] = laserMix(pair, createRandom(areas), { areas: [areas] });
      const seen = new Set<string>();
      for (const [which, mixed] of [a, b].entries()) {
        expectOrigins(mixed);
        for (let i = 0; i < mixed.labels.length; i++) {
          const { scan } = mixed.origins.parts[mixed.origins.partOfPoint[i]];
          seen.add(`${scan} ${mixed.origins.rowOfPoint[i]}`);
          const area = Math.floor(((3 - inclinationOf(mixed.points, i)) / 28) * areas);
          const clamped = Math.min(areas - 1, Math.max(0, area));
          expect(scan).toBe((clamped + which) % 2);
        }
      }
      expect(a.labels.length + b.labels.length).toBe(140);
      expect(seen.size).toBe(140);
    }
  });

  it('draws the number of areas from the list', () => {
    const sizes = new Set(
      Array.from({ length: 40 }, (_, seed) => laserMix(pair, createRandom(seed))[0].labels.length),
    );
    expect(sizes.size).toBe(4);
    expect(laserMix(pair, createRandom(3))).toEqual(laserMix(pair, createRandom(3)));
  });

  it('takes scans that were augmented and thinned out, and scans without labels', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const own = createRandom(seed);
        const inputs = [0, 1].map((i) => augment(raw[i], labels[i], own.fork(`${i}`), { dropout: 0.5 }));
        for (const mixed of laserMix([inputs[0], inputs[1]], own)) expectOrigins(mixed);
      }),
      { numRuns: 10 },
    );
    const [mixed] = laserMix([plain[0], { points: raw[1] }], createRandom(1));
    mixed.labels.forEach((label, i) => {
      if (mixed.origins.parts[mixed.origins.partOfPoint[i]].scan === 1) expect(label).toBe(0);
    });
  });
});

describe('polarMix', () => {
  const instanceClasses = [1, 2, 3];

  it('swaps a half plane of azimuth', () => {
    for (let seed = 0; seed < 8; seed++) {
      const mixed = polarMix(pair, createRandom(seed), { instanceClasses, swap: 1, paste: 0 });
      expectOrigins(mixed);
      // Its second number is where the half plane begins: all of the second scan's points in it, none of the first's.
      const drawn = createRandom(seed);
      drawn.next();
      const start = (2 * drawn.next() - 1) * Math.PI;
      const found = [new Set<number>(), new Set<number>()];
      mixed.labels.forEach((_, i) => {
        found[mixed.origins.parts[mixed.origins.partOfPoint[i]].scan].add(mixed.origins.rowOfPoint[i]);
      });
      for (const [scan, { positions }] of raw.entries())
        for (let i = 0; i < counts[scan]; i++) {
          const inside = Math.sin(Math.atan2(positions[i * 3 + 1], positions[i * 3]) - start) > 0;
          expect(found[scan].has(i)).toBe(inside === (scan === 1));
        }
    }
  });

  it('pastes the things of the other scan three times, turned', () => {
    const mixed = polarMix(pair, createRandom(5), { instanceClasses, swap: 0 });
    expectOrigins(mixed);
    const things = labels[1].filter((label) => instanceClasses.includes(label)).length;
    expect(mixed.labels).toHaveLength(80 + 3 * things);
    expect(Array.from(mixed.labels.subarray(0, 80))).toEqual(Array.from(labels[0]));
    expect(mixed.labels.subarray(80).every((label) => instanceClasses.includes(label))).toBe(true);
    const angles = mixed.origins.parts.map(
      ({ mixedFromLidar: m }) => ((Math.atan2(m[1], m[0]) * 180) / Math.PI + 360) % 360,
    );
    expect(angles.slice(0, 2)).toEqual([0, 0]);
    expect(angles[2]).toBeLessThan(120);
    expect(angles[3]).toBeGreaterThanOrEqual(120);
    expect(angles[3]).toBeLessThan(240);
    // Distances stay what they were: things turn about the scanner.
    mixed.labels.forEach((_, i) => {
      const { scan } = mixed.origins.parts[mixed.origins.partOfPoint[i]];
      const row = mixed.origins.rowOfPoint[i] * 3;
      expect(Math.hypot(...mixed.points.positions.subarray(i * 3, i * 3 + 3))).toBeCloseTo(
        Math.hypot(...raw[scan].positions.subarray(row, row + 3)),
        3,
      );
    });
  });

  it('composes with what was done before, and wants to know what the things are', () => {
    const inputs = [0, 1].map((i) => augment(raw[i], labels[i], createRandom(i)));
    for (let seed = 0; seed < 10; seed++)
      expectOrigins(polarMix([inputs[0], inputs[1]], createRandom(seed), { instanceClasses }));
    expect(() => polarMix([plain[0], { points: raw[1] }], createRandom(1), { instanceClasses })).toThrow(
      RangeError,
    );
  });
});

describe('drop-out', () => {
  it('drops points independently, as often as asked', () => {
    const kept = pointsKept(100_000, 0.2, createRandom(4));
    expect(kept.length).toBeGreaterThan(79_000);
    expect(kept.length).toBeLessThan(81_000);
    expect(kept.every((row, i) => i === 0 || row > kept[i - 1])).toBe(true);
    // Whether a point stays says nothing of the next: pairs stay as often as 0.8 * 0.8.
    const pairs = kept.filter((row, i) => kept[i + 1] === row + 1).length;
    expect(pairs / 100_000).toBeCloseTo(0.64, 2);
  });

  it('keeps all or at least one', () => {
    expect(pointsKept(5, 0, createRandom(1))).toEqual(Int32Array.of(0, 1, 2, 3, 4));
    for (let seed = 0; seed < 50; seed++) {
      const kept = pointsKept(3, 0.999, createRandom(seed));
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.every((row) => row >= 0 && row < 3)).toBe(true);
    }
    expect(() => pointsKept(3, 1, createRandom(1))).toThrow(RangeError);
  });

  it('leaves a scan without points to whoever wants points', () => {
    expect(pointsKept(0, 0.5, createRandom(1))).toHaveLength(0);
    const nothing = augment(cloud(0), new Uint8Array(0), createRandom(1), { dropout: 0.5 });
    expect(nothing.points.intensity).toHaveLength(0);
  });

  it('takes labels along and says which points are left', () => {
    const whole = augment(raw[0], labels[0], createRandom(9));
    const {
      points,
      labels: left,
      kept,
      augmentedFromLidar,
    } = augment(raw[0], labels[0], createRandom(9), {
      dropout: 0.5,
    });
    expect(augmentedFromLidar).toEqual(whole.augmentedFromLidar);
    expect(kept!.length).toBeLessThan(80);
    kept!.forEach((row, i) => {
      expect(left[i]).toBe(labels[0][row]);
      expect(points.positions.subarray(i * 3, i * 3 + 3)).toEqual(
        whole.points.positions.subarray(row * 3, row * 3 + 3),
      );
    });
  });
});
