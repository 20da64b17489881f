import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { composePoses } from '../poses/compose-poses.js';
import { identityPose } from '../poses/identity-pose.js';
import { invertPose } from '../poses/invert-pose.js';
import { poseFromEuler } from '../poses/pose-from-euler.js';
import { transformPoints } from '../poses/transform-points.js';
import { anyPose, distance } from '../testing/arbitraries.test.helper.js';
import type { PinholeCamera } from '../types.js';
import { cameraFromLidarChain } from './camera-from-lidar-chain.js';
import { pinholeCamera } from './pinhole-camera.js';
import { pixelRay } from './pixel-ray.js';
import { projectPoints } from './project-points.js';
import { splitProjection } from './split-projection.js';

const camera: PinholeCamera = {
  width: 1600,
  height: 900,
  intrinsics: Float64Array.of(1266.4, 0, 816.3, 0, 1260.1, 491.5, 0, 0, 1),
};
const project = (positions: number[], pose = identityPose(), minDepth?: number) =>
  projectPoints(Float32Array.from(positions), pose, camera, minDepth === undefined ? {} : { minDepth });

describe('projectPoints and pixelRay', () => {
  it('undo each other: a point on a pixel’s ray lands in that pixel', () => {
    const unit = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(
        unit,
        unit,
        fc.double({ min: 3, max: 80, noNaN: true }),
        anyPose(50),
        (a, b, range, pose) => {
          const [u, v] = [a * camera.width, b * camera.height];
          const ray = pixelRay(camera, u, v);
          expect(Math.hypot(...ray)).toBeCloseTo(1, 12);
          const inLidar = transformPoints(
            invertPose(pose),
            Float64Array.from(ray, (c) => c * range),
          );
          const seen = projectPoints(Float32Array.from(inLidar), pose, camera);
          expect(Math.abs(seen.u[0] - u)).toBeLessThan(0.05);
          expect(Math.abs(seen.v[0] - v)).toBeLessThan(0.05);
          expect(seen.depth[0]).toBeCloseTo(range * ray[2], 3);
        },
      ),
    );
  });
  it('honours skew in both directions', () => {
    const skewed = { ...camera, intrinsics: Float64Array.of(1000, 50, 800, 0, 900, 450, 0, 0, 1) };
    const ray = pixelRay(skewed, 1200.5, 100.5);
    const seen = projectPoints(
      Float32Array.from(ray, (c) => c * 10),
      identityPose(),
      skewed,
    );
    expect(seen.u[0]).toBeCloseTo(1200.5, 2);
    expect(seen.v[0]).toBeCloseTo(100.5, 2);
  });
  it('puts the optical axis at the principal point', () => {
    const seen = project([0, 0, 7]);
    expect([seen.u[0], seen.v[0], seen.depth[0], seen.visible[0]]).toEqual([Math.fround(816.3), 491.5, 7, 1]);
  });
  it('sees nothing behind the camera or nearer than minDepth', () => {
    const seen = project([0, 0, -5, 0, 0, 0, 0, 0, 0.05, 0, 0, 0.2]);
    expect(Array.from(seen.visible)).toEqual([0, 0, 0, 1]);
    expect(Array.from(seen.u).map(Number.isNaN)).toEqual([true, true, true, false]);
    expect(seen.depth[0]).toBe(-5);
    expect(Array.from(project([0, 0, 0.2], identityPose(), 1).visible)).toEqual([0]);
    expect(Array.from(project([0, 0, 0], identityPose(), -1).visible)).toEqual([0]);
  });
  it('sees exactly the image, the left and upper edge included', () => {
    const at = (u: number, v: number): number[] => pixelRay(camera, u, v).map((c) => c * 10);
    const seen = project(
      [
        at(0.01, 450),
        at(-0.01, 450),
        at(1599.99, 450),
        at(1600.01, 450),
        at(800, 899.99),
        at(800, 900.01),
      ].flat(),
    );
    expect(Array.from(seen.visible)).toEqual([1, 0, 1, 0, 1, 0]);
  });
  it('rounds before judging: floor of a visible coordinate is a pixel', () => {
    fc.assert(
      fc.property(fc.double({ min: 1599.9999, max: 1600, noNaN: true }), (u) => {
        const seen = project(pixelRay(camera, u, 450).map((c) => c * 10));
        if (seen.visible[0] === 1) expect(Math.floor(seen.u[0])).toBeLessThan(1600);
      }),
    );
  });
  it('gives empty results for no points, and throws on a wrong length', () => {
    expect(project([]).visible).toHaveLength(0);
    expect(() => project([1, 2])).toThrow(RangeError);
  });
});

describe('cameraFromLidarChain', () => {
  it('is the product of DESIGN’s chain', () => {
    fc.assert(
      fc.property(
        anyPose(2),
        anyPose(2000),
        anyPose(2000),
        anyPose(2),
        (egoFromCamera, atCamera, atLidar, egoFromLidar) => {
          const chain = cameraFromLidarChain({
            egoFromCamera,
            globalFromEgoAtCamera: atCamera,
            globalFromEgoAtLidar: atLidar,
            egoFromLidar,
          });
          const product = composePoses(
            invertPose(egoFromCamera),
            invertPose(atCamera),
            atLidar,
            egoFromLidar,
          );
          expect(distance(chain, product)).toBeLessThan(1e-9);
        },
      ),
    );
  });
  it('shifts a standing point by what the car drove between the two times', () => {
    const chain = cameraFromLidarChain({
      egoFromCamera: identityPose(),
      globalFromEgoAtCamera: poseFromEuler([1000.5, 0, 0], 0),
      globalFromEgoAtLidar: poseFromEuler([1000, 0, 0], 0),
      egoFromLidar: identityPose(),
    });
    expect(distance(transformPoints(chain, Float64Array.of(10, 0, 0)), [9.5, 0, 0])).toBeLessThan(1e-12);
  });
});

describe('pinholeCamera', () => {
  it('accepts the usual', () => {
    expect(pinholeCamera(1600, 900, Array.from(camera.intrinsics), 'a')).toEqual({
      _tag: 'Right',
      right: camera,
    });
  });
  it('names what is wrong', () => {
    const with_ = (index: number, value: number) => {
      const k = Array.from(camera.intrinsics);
      k[index] = value;
      return pinholeCamera(1600, 900, k, 'calibrated_sensor.json 12ab');
    };
    expect(with_(0, 0)).toMatchObject({ left: { code: 'malformed', found: 'focal lengths 0, 1260.1' } });
    expect(with_(2, Number.NaN)).toMatchObject({ left: { field: 'intrinsics' } });
    expect(with_(8, 2)).toMatchObject({ left: { source: 'calibrated_sensor.json 12ab' } });
    expect(pinholeCamera(0, 900, camera.intrinsics, 'a')).toMatchObject({ left: { field: 'size' } });
    expect(pinholeCamera(1600, 900, [1, 2], 'a')).toMatchObject({ left: { field: 'intrinsics' } });
  });
});

describe('splitProjection', () => {
  it('takes K [I | t] apart', () => {
    const value = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(value, value, value, value, (x, y, z, skew) => {
        const [fx, fy, cx, cy] = [718.856, 710, 607.2, 185.2];
        const rows = [fx, skew, cx, fx * x + skew * y + cx * z, 0, fy, cy, fy * y + cy * z, 0, 0, 1, z];
        const split = splitProjection(rows, 'calib.txt P3');
        expect(split).toMatchObject({ _tag: 'Right' });
        if (split._tag === 'Left') return;
        expect(Array.from(split.right.intrinsics)).toEqual([fx, skew, cx, 0, fy, cy, 0, 0, 1]);
        expect(distance(split.right.cameraFromReference.slice(12, 15), [x, y, z])).toBeLessThan(1e-12);
      }),
    );
  });
  it('refuses other matrices', () => {
    expect(splitProjection(new Float64Array(12), 'a')).toMatchObject({ left: { code: 'malformed' } });
    expect(splitProjection([1, 2], 'a')).toMatchObject({ left: { code: 'malformed' } });
    expect(splitProjection([700, 0, 600, 0, 0, 700, 180, 0, 0, 0, 1, Number.NaN], 'a')).toMatchObject({
      left: { field: 'projection' },
    });
  });
});
