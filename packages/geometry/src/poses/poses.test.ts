import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mat4 } from 'gl-matrix';
import { anyPose, distance } from '../testing/arbitraries.test.helper.js';
import { composePoses } from './compose-poses.js';
import { identityPose } from './identity-pose.js';
import { invertPose } from './invert-pose.js';
import { isRigid } from './is-rigid.js';
import { poseFromEuler } from './pose-from-euler.js';
import { rotationDeviation } from './rotation-deviation.js';
import { transformDirections } from './transform-directions.js';
import { transformPoints } from './transform-points.js';
import { translationOf } from './translation-of.js';
import { yawOf } from './yaw-of.js';

describe('composePoses and invertPose', () => {
  it('cancel, over a thousand kilometres to a nanometre', () => {
    fc.assert(
      fc.property(anyPose(1e6), (pose) => {
        expect(distance(composePoses(pose, invertPose(pose)), identityPose())).toBeLessThan(1e-9);
        expect(distance(composePoses(invertPose(pose), pose), identityPose())).toBeLessThan(1e-9);
      }),
    );
  });
  it('agree with the general 4x4 inverse', () => {
    fc.assert(
      fc.property(anyPose(100), (pose) => {
        const general = mat4.invert(new Float64Array(16), pose);
        expect(distance(invertPose(pose), general as Float64Array)).toBeLessThan(1e-10);
      }),
    );
  });
  it('are associative, with the identity as neutral element', () => {
    fc.assert(
      fc.property(anyPose(), anyPose(), anyPose(), (a, b, c) => {
        const left = composePoses(composePoses(a, b), c);
        expect(distance(left, composePoses(a, composePoses(b, c)))).toBeLessThan(1e-9);
        expect(distance(left, composePoses(a, b, c))).toBeLessThan(1e-9);
        expect(distance(composePoses(a), a)).toBe(0);
        expect(distance(composePoses(a, identityPose(), b), composePoses(a, b))).toBeLessThan(1e-12);
      }),
    );
    expect(composePoses()).toEqual(identityPose());
  });
  it('apply right to left', () => {
    const globalFromEgo = poseFromEuler([10, 0, 0], Math.PI / 2);
    const egoFromLidar = poseFromEuler([1, 0, 2], 0);
    const point = transformPoints(composePoses(globalFromEgo, egoFromLidar), Float64Array.of(5, 0, 0));
    expect(distance(point, [10, 6, 2])).toBeLessThan(1e-12);
  });
});

describe('poseFromEuler', () => {
  it('turns as the vehicle convention has it', () => {
    const forward = Float64Array.of(1, 0, 0);
    const up = Float64Array.of(0, 0, 1);
    expect(
      distance(transformDirections(poseFromEuler([0, 0, 0], Math.PI / 2), forward), [0, 1, 0]),
    ).toBeLessThan(1e-15);
    expect(transformDirections(poseFromEuler([0, 0, 0], 0, 0.1), forward)[2]).toBeCloseTo(-Math.sin(0.1), 12);
    expect(transformDirections(poseFromEuler([0, 0, 0], 0, 0, 0.1), up)[1]).toBeCloseTo(-Math.sin(0.1), 12);
  });
  it('is always rigid; yawOf and translationOf read it back', () => {
    fc.assert(
      fc.property(anyPose(), fc.double({ min: -3.1, max: 3.1, noNaN: true }), (pose, yaw) => {
        expect(isRigid(pose, 1e-12)).toBe(true);
        const level = poseFromEuler([1, 2, 3], yaw);
        expect(yawOf(level)).toBeCloseTo(yaw, 12);
        expect(translationOf(level)).toEqual([1, 2, 3]);
      }),
    );
  });
});

describe('transformPoints and transformDirections', () => {
  it('keep distances, and the type of the array', () => {
    fc.assert(
      fc.property(
        anyPose(),
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 6, maxLength: 6 }),
        (pose, six) => {
          const [before, after] = [Float64Array.from(six), transformPoints(pose, Float64Array.from(six))];
          const gap = (p: Float64Array): number => Math.hypot(p[3] - p[0], p[4] - p[1], p[5] - p[2]);
          expect(Math.abs(gap(after) - gap(before))).toBeLessThan(1e-9);
          const turned = transformDirections(pose, before);
          expect(Math.hypot(turned[0], turned[1], turned[2])).toBeCloseTo(
            Math.hypot(six[0], six[1], six[2]),
            9,
          );
          expect(distance(transformDirections(pose, new Float64Array(3)), [0, 0, 0])).toBe(0);
        },
      ),
    );
    expect(transformPoints(identityPose(), Float32Array.of(1, 2, 3))).toEqual(Float32Array.of(1, 2, 3));
    expect(transformPoints(identityPose(), new Float32Array(0))).toEqual(new Float32Array(0));
  });
  it('throw on a length that is not [N*3]', () => {
    expect(() => transformPoints(identityPose(), new Float32Array(4))).toThrow(RangeError);
    expect(() => transformDirections(identityPose(), new Float64Array(5))).toThrow(RangeError);
  });
});

describe('isRigid and rotationDeviation', () => {
  it('tell mirrors, scales, shears and NaN from rotations', () => {
    const changed = (index: number, value: number): Float64Array => {
      const pose = identityPose();
      pose[index] = value;
      return pose;
    };
    expect(isRigid(identityPose())).toBe(true);
    expect(isRigid(changed(0, -1))).toBe(false);
    expect(isRigid(changed(0, 1.01))).toBe(false);
    expect(isRigid(changed(4, 0.01))).toBe(false);
    expect(isRigid(changed(12, Number.NaN))).toBe(false);
    expect(isRigid(changed(3, 1))).toBe(false);
    expect(isRigid(new Float64Array(12))).toBe(false);
    expect(rotationDeviation(changed(0, -1))).toEqual({ deviation: 0, determinant: -1 });
    expect(rotationDeviation(changed(0, Number.NaN)).deviation).toBeNaN();
  });
});
