import { describe, expect, it } from '@jest/globals';
import { createRandom, identityPose, lensDistortion, projectPoints } from '@nerfseg/geometry';
import { clipRay } from './clip-ray.js';
import {
  castCameraToPoints,
  castLidarRays,
  castRays,
  concatRays,
  pixelGrid,
  type RayCamera,
  transformRays,
} from './index.js';
import { randomPose, randomRays } from './testing/scene.js';

const camera = (random = createRandom(1)): RayCamera => ({
  width: 64,
  height: 48,
  intrinsics: Float64Array.of(50, 0.3, 31, 0, 55, 25, 0, 0, 1),
  cameraFromLidar: randomPose(random),
});

const norm = (v: Float32Array, r: number) => Math.hypot(v[r * 3], v[r * 3 + 1], v[r * 3 + 2]);

describe('pixelGrid', () => {
  it('takes the middle of each block', () => {
    expect([...pixelGrid(5, 3, 2)]).toEqual([0, 0, 2, 0, 4, 0, 0, 2, 2, 2, 4, 2]);
    expect([...pixelGrid(7, 3, 3)]).toEqual([1, 1, 4, 1]);
    expect(pixelGrid(8, 6).length).toBe(96);
    expect(() => pixelGrid(8, 6, 0)).toThrow(RangeError);
  });
});

describe('castRays', () => {
  it('casts unit rays that project back to their pixel centres', () => {
    const random = createRandom(7);
    for (let trial = 0; trial < 10; trial++) {
      const view = camera(random);
      const rays = castRays(view, pixelGrid(view.width, view.height, 7), { near: 0.5, far: 40 });
      const count = rays.pixels.length / 2;
      const at = new Float32Array(count * 3);
      for (let r = 0; r < count; r++) {
        expect(norm(rays.directions, r)).toBeCloseTo(1, 6);
        const range = 1 + random.next() * 30;
        for (let a = 0; a < 3; a++)
          at[r * 3 + a] = rays.origins[r * 3 + a] + range * rays.directions[r * 3 + a];
      }
      const seen = projectPoints(at, view.cameraFromLidar, view);
      for (let r = 0; r < count; r++) {
        expect(Math.abs(seen.u[r] - rays.pixels[r * 2] - 0.5)).toBeLessThan(1e-3);
        expect(Math.abs(seen.v[r] - rays.pixels[r * 2 + 1] - 0.5)).toBeLessThan(1e-3);
      }
    }
  });

  it('goes through the lens, and gives no samples where the lens sees nothing', () => {
    const made = lensDistortion('fisheye', [0.05, -0.01, 0.002, 0], 'test');
    if (made._tag === 'Left') throw new Error(made.left.found);
    const view: RayCamera = {
      ...camera(),
      intrinsics: Float64Array.of(18, 0, 32, 0, 18, 24, 0, 0, 1),
      distortion: made.right,
    };
    const rays = castRays(view, pixelGrid(view.width, view.height), { near: 0.5, far: 40 });
    const at = rays.directions.map((d, i) => rays.origins[i] + 9 * d);
    const seen = projectPoints(at, view.cameraFromLidar, view, { minDepth: 1e-3 });
    let none = 0;
    for (let r = 0; r < seen.u.length; r++) {
      if (Number.isNaN(rays.directions[r * 3])) {
        none++;
        // All that is left out lies at 90 degrees to the axis or beyond.
        expect(Math.hypot(rays.pixels[r * 2] - 31.5, rays.pixels[r * 2 + 1] - 23.5)).toBeGreaterThan(28);
        continue;
      }
      expect(norm(rays.directions, r)).toBeCloseTo(1, 6);
      if (seen.depth[r] < 0.2) continue;
      expect(Math.abs(seen.u[r] - rays.pixels[r * 2] - 0.5)).toBeLessThan(2e-3);
      expect(Math.abs(seen.v[r] - rays.pixels[r * 2 + 1] - 0.5)).toBeLessThan(2e-3);
    }
    expect(none).toBeGreaterThan(50);
    const all = Int32Array.from({ length: seen.u.length }, (_, r) => r);
    const { pixels } = castCameraToPoints(view, at, all).rays;
    for (const r of all)
      if (seen.depth[r] > 0.2)
        expect([pixels[r * 2], pixels[r * 2 + 1]]).toEqual([rays.pixels[r * 2], rays.pixels[r * 2 + 1]]);
    const out = new Float64Array(2);
    const region = { bottom: -5, top: 5, radius: 50 };
    const [x, y, z] = [0, 1, 2].map((a) => rays.origins[a]);
    const nan = Number.NaN;
    expect(clipRay(x, y, z, nan, nan, nan, 0.5, 40, region, out)).toBe(false);
  });

  it('takes no rays and refuses senseless limits', () => {
    expect(castRays(camera(), new Int32Array(0), { near: 0, far: 1 }).origins.length).toBe(0);
    expect(() => castRays(camera(), new Int32Array(2), { near: 2, far: 1 })).toThrow(RangeError);
    expect(() => castRays(camera(), new Int32Array(3), { near: 0, far: 1 })).toThrow(RangeError);
  });
});

describe('rays through points', () => {
  const random = createRandom(3);
  const positions = Float32Array.from({ length: 300 }, () => random.normal() * 10);
  const indices = Int32Array.from({ length: 40 }, () => random.int(100));

  it('ends at the point, from the LiDAR and from a camera', () => {
    const view = camera();
    const origin = [1, -2, 0.5] as const;
    for (const { rays, range } of [
      castLidarRays(positions, indices),
      castLidarRays(positions, indices, { origin }),
      castCameraToPoints(view, positions, indices),
    ]) {
      for (let r = 0; r < indices.length; r++) {
        expect(range[r]).toBeLessThan(rays.far);
        for (let a = 0; a < 3; a++) {
          const end = rays.origins[r * 3 + a] + range[r] * rays.directions[r * 3 + a];
          expect(end).toBeCloseTo(positions[indices[r] * 3 + a], 4);
        }
      }
    }
  });

  it('names the pixel the point falls on', () => {
    const view = camera();
    const { rays } = castCameraToPoints(view, positions, indices);
    const seen = projectPoints(positions, view.cameraFromLidar, view, { minDepth: 1e-6 });
    for (let r = 0; r < indices.length; r++) {
      const p = indices[r];
      const expected = seen.visible[p] ? [Math.floor(seen.u[p]), Math.floor(seen.v[p])] : [-1, -1];
      expect([rays.pixels[r * 2], rays.pixels[r * 2 + 1]]).toEqual(expected);
    }
  });

  it('gives a point at the origin range 0 and a unit direction', () => {
    const { rays, range } = castLidarRays(new Float32Array(3), Int32Array.of(0));
    expect(range[0]).toBe(0);
    expect(norm(rays.directions, 0)).toBe(1);
    expect(() => castLidarRays(new Float32Array(3), Int32Array.of(1))).toThrow(RangeError);
  });
});

describe('transformRays', () => {
  it('moves points on the rays as the affine moves points', () => {
    const random = createRandom(5);
    const rays = randomRays(30, random, 1, 20);
    const affine = randomPose(random);
    for (let c = 0; c < 3; c++) for (let a = 0; a < 3; a++) affine[c * 4 + a] *= [1.05, -0.95, 1][c];
    const moved = transformRays(rays, affine);
    for (let r = 0; r < 30; r++) {
      expect(norm(moved.rays.directions, r)).toBeCloseTo(1, 6);
      expect(moved.rays.near).toBeLessThanOrEqual(rays.near * moved.scale[r] + 1e-6);
      expect(moved.rays.far).toBeGreaterThanOrEqual(rays.far * moved.scale[r] - 1e-5);
      const p = [0, 1, 2].map((a) => rays.origins[r * 3 + a] + 7 * rays.directions[r * 3 + a]);
      for (let a = 0; a < 3; a++) {
        const expected = affine[a] * p[0] + affine[4 + a] * p[1] + affine[8 + a] * p[2] + affine[12 + a];
        const found = moved.rays.origins[r * 3 + a] + 7 * moved.scale[r] * moved.rays.directions[r * 3 + a];
        expect(found).toBeCloseTo(expected, 4);
      }
    }
  });

  it('changes nothing by the identity, and takes no rays', () => {
    const rays = randomRays(4, createRandom(6));
    expect(transformRays(rays, identityPose()).rays.origins).toEqual(rays.origins);
    expect(transformRays(randomRays(0, createRandom(6)), identityPose()).scale.length).toBe(0);
  });

  it('leaves pixels without a ray as they are, and refuses an affine that is none', () => {
    const rays = randomRays(3, createRandom(7), 1, 20);
    rays.directions.fill(Number.NaN, 3, 6);
    const affine = identityPose();
    affine[0] = affine[5] = affine[10] = 1.05;
    const moved = transformRays(rays, affine);
    expect([...moved.rays.directions.subarray(3, 6)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(moved.scale[1]).toBe(1);
    expect([moved.rays.near, moved.rays.far].map((t) => t.toFixed(4))).toEqual(['1.0500', '21.0000']);
    rays.directions.fill(Number.NaN);
    expect(transformRays(rays, affine).rays).toMatchObject({ near: 1, far: 20 });
    const [flat, unknown] = [identityPose(), identityPose()];
    flat.fill(0, 0, 12);
    unknown[3] = Number.NaN;
    expect(() => transformRays(randomRays(3, createRandom(7)), flat)).toThrow(/to a point/);
    expect(() => transformRays(rays, unknown)).toThrow(/NaN/);
  });
});

describe('concatRays', () => {
  it('joins bundles in order', () => {
    const [a, b] = [randomRays(2, createRandom(1), 1, 5), randomRays(3, createRandom(2), 0.5, 4)];
    const all = concatRays([a, b]);
    expect([...all.directions]).toEqual([...a.directions, ...b.directions]);
    expect([all.near, all.far, all.pixels.length]).toEqual([0.5, 5, 10]);
    expect(concatRays([]).origins.length).toBe(0);
  });
});
