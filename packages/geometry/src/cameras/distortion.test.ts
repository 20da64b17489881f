import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { identityPose } from '../poses/identity-pose.js';
import type { LensDistortion, PinholeCamera } from '../types.js';
import { directionOfImage } from './direction-of-image.js';
import { imageOfDirection } from './image-of-direction.js';
import { lensDistortion } from './lens-distortion.js';
import { pixelRay } from './pixel-ray.js';
import { positiveRoots } from './positive-roots.js';
import { projectPoints } from './project-points.js';

interface Case {
  readonly model: LensDistortion['model'];
  readonly coefficients: number[];
  readonly intrinsics: number[];
  readonly points: number[];
  readonly pixels: number[];
}
const { cases } = JSON.parse(readFileSync(path.join(__dirname, 'opencv-reference.json'), 'utf8')) as {
  readonly cases: readonly Case[];
};

const lens = (model: LensDistortion['model'], coefficients: readonly number[]): LensDistortion => {
  const made = lensDistortion(model, coefficients, 'test');
  if (made._tag === 'Left') throw new Error(made.left.found);
  return made.right;
};
const cameraWith = (distortion: LensDistortion, intrinsics?: ArrayLike<number>): PinholeCamera => ({
  width: 1600,
  height: 900,
  intrinsics: Float64Array.from(intrinsics ?? [1200, 0, 800, 0, 1190, 450, 0, 0, 1]),
  distortion,
});
const reach = (size: number) => fc.double({ min: -size, max: size, noNaN: true });
const anyLens: fc.Arbitrary<LensDistortion> = fc.oneof(
  fc
    .tuple(
      ...[0.4, 0.2, 0.003, 0.003, 0.1, 0.3, 0.1, 0.05].map(reach),
      ...[0.003, 0.002, 0.003, 0.002].map(reach),
    )
    .map((c) => lens('radial-tangential', c)),
  fc.tuple(...[0.1, 0.05, 0.02, 0.01].map(reach)).map((c) => lens('fisheye', c)),
);

describe('the lens models', () => {
  it('project as OpenCV does, and back', () => {
    const at = new Float64Array(2);
    let compared = 0;
    for (const { model, coefficients, intrinsics, points, pixels } of cases) {
      const camera = cameraWith(lens(model, coefficients), intrinsics);
      for (let n = 0; n < points.length / 3; n++) {
        const [x, y] = [points[n * 3] / points[n * 3 + 2], points[n * 3 + 1] / points[n * 3 + 2]];
        const radius = Math.hypot(x, y);
        const measure = model === 'fisheye' ? Math.atan(radius) : radius;
        const inside = measure <= camera.distortion!.limit;
        expect(imageOfDirection(camera, x, y, at)).toBe(inside);
        if (!inside) continue;
        expect(Math.abs(at[0] - pixels[n * 2])).toBeLessThan(1e-8);
        expect(Math.abs(at[1] - pixels[n * 2 + 1])).toBeLessThan(1e-8);
        compared++;
        if (measure > 0.98 * camera.distortion!.limit) continue;
        expect(directionOfImage(camera, pixels[n * 2], pixels[n * 2 + 1], at)).toBe(true);
        expect(Math.hypot(at[0] - x, at[1] - y)).toBeLessThan(1e-8 * (1 + x * x + y * y));
      }
    }
    expect(compared).toBeGreaterThan(250);
  });

  it('undo themselves: every direction comes back from its pixel', () => {
    const at = new Float64Array(2);
    let tried = 0;
    fc.assert(
      fc.property(
        anyLens,
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        reach(Math.PI),
        (bent, share, azimuth) => {
          const camera = cameraWith(bent);
          const end = share * Math.min(bent.limit, bent.model === 'fisheye' ? 1.5 : 1.2);
          const radius = bent.model === 'fisheye' ? Math.tan(end) : end;
          const [x, y] = [radius * Math.cos(azimuth), radius * Math.sin(azimuth)];
          expect(imageOfDirection(camera, x, y, at)).toBe(true);
          if (!directionOfImage(camera, at[0], at[1], at)) {
            // Only where the tangential part folds the image before the radial part does.
            expect(share).toBeGreaterThan(0.5);
            return;
          }
          tried++;
          expect(Math.hypot(at[0] - x, at[1] - y)).toBeLessThan(1e-7 * (1 + radius * radius));
        },
      ),
      { numRuns: 2000 },
    );
    expect(tried).toBeGreaterThan(1900);
  });

  it('find the rays near the limit that the tangential part carries beyond the radial one', () => {
    const bent = lens('radial-tangential', [-0.1841, -0.0422, 0.0024, 0.0047, 0.0143]);
    const camera = cameraWith(bent);
    const [at, back] = [new Float64Array(2), new Float64Array(2)];
    for (const share of [0.5, 0.9, 0.92])
      for (let azimuth = 0; azimuth < 2 * Math.PI; azimuth += 0.05) {
        const [x, y] = [Math.cos(azimuth), Math.sin(azimuth)].map((c) => c * share * bent.limit);
        expect(imageOfDirection(camera, x, y, at)).toBe(true);
        expect(directionOfImage(camera, at[0], at[1], back)).toBe(true);
        expect(Math.hypot(back[0] - x, back[1] - y)).toBeLessThan(1e-7);
      }
  });

  it('find the rays near a pole, where one step of the search leaps over it', () => {
    const bent = lens('radial-tangential', [0.047, -0.096, 0.003, 0, 0.193, -0.175, -0.104, -0.071]);
    const camera = cameraWith(bent);
    const [at, back] = [new Float64Array(2), new Float64Array(2)];
    for (const share of [0.9, 0.98, 0.99])
      for (let azimuth = 0; azimuth < 2 * Math.PI; azimuth += 0.05) {
        const [x, y] = [Math.cos(azimuth), Math.sin(azimuth)].map((c) => c * share * bent.limit);
        expect(imageOfDirection(camera, x, y, at)).toBe(true);
        expect(directionOfImage(camera, at[0], at[1], back)).toBe(true);
        expect(Math.hypot(back[0] - x, back[1] - y)).toBeLessThan(1e-7);
      }
  });

  it('answer truly for every pixel: a ray that falls on it, or none', () => {
    const at = new Float64Array(2);
    let none = 0;
    fc.assert(
      fc.property(anyLens, reach(3000), reach(3000), (bent, u, v) => {
        const camera = cameraWith(bent);
        if (!directionOfImage(camera, u, v, at)) {
          expect(Array.from(at)).toEqual([Number.NaN, Number.NaN]);
          expect(pixelRay(camera, u, v).every(Number.isNaN)).toBe(true);
          none++;
          return;
        }
        expect(imageOfDirection(camera, at[0], at[1], at)).toBe(true);
        expect(Math.hypot(at[0] - u, at[1] - v)).toBeLessThan(1e-6);
      }),
      { numRuns: 2000 },
    );
    expect(none).toBeGreaterThan(100);
  });

  it('project nothing from beyond where the polynomial turns back', () => {
    // r (1 - 0.3 r^2) turns at r = 1 / sqrt(0.9); a point at r = 1.7 would come out at 0.23, in the picture's middle.
    const barrel = lens('radial-tangential', [-0.3, 0, 0, 0]);
    expect(barrel.limit).toBeCloseTo(1 / Math.sqrt(0.9), 12);
    const seen = projectPoints(Float32Array.of(0.5, 0, 1, 1.7, 0, 1), identityPose(), cameraWith(barrel));
    expect(Array.from(seen.visible)).toEqual([1, 0]);
    expect(Number.isNaN(seen.u[1])).toBe(true);
    // A pole: 1 - r^2 under the line.
    expect(lens('radial-tangential', [0, 0, 0, 0, 0, -1, 0, 0]).limit).toBeCloseTo(1, 12);
    expect(lens('fisheye', [-0.2, 0, 0, 0]).limit).toBeCloseTo(Math.sqrt(1 / 0.6), 12);
    expect(lens('fisheye', [0, 0, 0, 0]).limit).toBe(Math.PI / 2);
  });

  it('change nothing without coefficients', () => {
    const flat = cameraWith(lens('radial-tangential', [0, 0, 0, 0, 0]));
    const { distortion: _, ...plain } = flat;
    expect(pixelRay(flat, 100.5, 200.5)).toEqual(pixelRay(plain, 100.5, 200.5));
  });

  it('refuse what OpenCV would not take', () => {
    expect(lensDistortion('fisheye', [0, 0, 0, 0, 0], 'calib.json')).toMatchObject({
      left: { code: 'malformed', source: 'calib.json', field: 'distortion, fisheye' },
    });
    expect(lensDistortion('radial-tangential', [0, 0, 0], 'a')._tag).toBe('Left');
    expect(lensDistortion('radial-tangential', [0, 0, 0, Number.NaN], 'a')._tag).toBe('Left');
  });
});

describe('positiveRoots', () => {
  it('finds the roots that a polynomial was made of', () => {
    const roots = fc.uniqueArray(fc.integer({ min: -8, max: 16 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(roots, (given) => {
        const chosen = given.map((n) => n / 4 + 0.1);
        let product = [1];
        for (const root of chosen)
          product = product.concat(0).map((c, i) => (product[i - 1] ?? 0) - root * c);
        const expected = chosen.filter((root) => root > 0).sort((a, b) => a - b);
        const found = positiveRoots(product, 10);
        expect(found).toHaveLength(expected.length);
        found.forEach((root, i) => {
          expect(root).toBeCloseTo(expected[i], 8);
        });
      }),
    );
  });
});
