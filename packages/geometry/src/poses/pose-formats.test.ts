import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyPose, distance } from '../testing/arbitraries.test.helper.js';
import type { Pose } from '../types.js';
import { identityPose } from './identity-pose.js';
import { isRigid } from './is-rigid.js';
import { poseFromEuler } from './pose-from-euler.js';
import { poseFromQuaternion } from './pose-from-quaternion.js';
import { poseFromRows34 } from './pose-from-rows34.js';
import { quaternionOf } from './quaternion-of.js';
import { rows34Of } from './rows34-of.js';
import { translationOf } from './translation-of.js';

describe('poseFromQuaternion', () => {
  it('reads w first: half a turn about z', () => {
    const pose = poseFromQuaternion([1, 2, 3], [0, 0, 0, 1], 'a');
    expect(pose).toMatchObject({ _tag: 'Right' });
    if (pose._tag === 'Right')
      expect(distance(pose.right, poseFromEuler([1, 2, 3], Math.PI))).toBeLessThan(1e-15);
  });
  it('is undone by quaternionOf and translationOf, half turns too', () => {
    const check = (pose: Pose): void => {
      const quaternion = quaternionOf(pose);
      expect(quaternion[0]).toBeGreaterThanOrEqual(0);
      const again = poseFromQuaternion(translationOf(pose), quaternion, 'a');
      expect(again._tag === 'Right' && distance(again.right, pose)).toBeLessThan(1e-13);
    };
    fc.assert(fc.property(anyPose(10), check));
    for (const half of [
      [0, 0, Math.PI],
      [0, Math.PI, 0],
      [Math.PI, 0, 0],
      [Math.PI, Math.PI, 0],
    ])
      check(poseFromEuler([0, 0, 0], half[0], half[1], half[2]));
  });
  it('normalises a little, and refuses more', () => {
    const close = poseFromQuaternion([0, 0, 0], [1.0005, 0, 0, 0], 'a');
    expect(close).toEqual({ _tag: 'Right', right: identityPose() });
    const far = poseFromQuaternion([0, 0, 0], [1.01, 0, 0, 0], 'calibrated_sensor.json 12ab');
    expect(far).toMatchObject({
      left: {
        code: 'mismatch',
        source: 'calibrated_sensor.json 12ab',
        field: 'rotation',
        found: 'a quaternion of length 1.01000',
      },
    });
  });
  it('refuses wrong counts and NaN', () => {
    expect(poseFromQuaternion([0, 0], [1, 0, 0, 0], 'a')).toMatchObject({
      left: { code: 'malformed', field: 'translation' },
    });
    expect(poseFromQuaternion([0, 0, Number.NaN], [1, 0, 0, 0], 'a')).toMatchObject({
      left: { field: 'translation' },
    });
    expect(poseFromQuaternion([0, 0, 0], [1, 0, 0], 'a')).toMatchObject({ left: { field: 'rotation' } });
    expect(poseFromQuaternion([0, 0, 0], [0, 0, 0, Number.NaN], 'a')).toMatchObject({
      left: { field: 'rotation' },
    });
  });
});

describe('poseFromRows34', () => {
  it('is undone by rows34Of', () => {
    fc.assert(
      fc.property(anyPose(), (pose) => {
        const again = poseFromRows34(rows34Of(pose), 'a');
        expect(again._tag === 'Right' && distance(again.right, pose)).toBeLessThan(1e-11);
      }),
    );
  });
  it('makes rounded rotations exact, near what was written', () => {
    fc.assert(
      fc.property(anyPose(100), (pose) => {
        const written = rows34Of(pose).map((value) => Math.round(value * 1e4) / 1e4);
        const read = poseFromRows34(written, 'a');
        expect(read).toMatchObject({ _tag: 'Right' });
        if (read._tag === 'Left') return;
        expect(isRigid(read.right, 1e-14)).toBe(true);
        expect(distance(rows34Of(read.right), written)).toBeLessThan(2e-4);
      }),
    );
  });
  it('refuses mirrors, scales and shears, telling determinant and deviation', () => {
    expect(poseFromRows34([-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], 'calib.txt Tr')).toMatchObject({
      left: {
        code: 'mismatch',
        source: 'calib.txt Tr',
        found: expect.stringContaining('determinant -1'),
        hint: expect.stringContaining('mirror'),
      },
    });
    expect(poseFromRows34([1, 0.01, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], 'a')).toMatchObject({
      left: { code: 'mismatch', found: expect.stringContaining('1.00e-2') },
    });
    expect(poseFromRows34([2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0], 'a')).toMatchObject({
      left: { code: 'mismatch' },
    });
    expect(poseFromRows34(new Float64Array(12), 'a')).toMatchObject({ left: { code: 'mismatch' } });
    const huge = [1e200, -1e200, 0, 0, 1e200, 1e200, 0, 0, 0, 0, 1e200, 0];
    expect(poseFromRows34(huge, 'a')).toMatchObject({ left: { code: 'mismatch' } });
  });
  it('refuses wrong counts and NaN', () => {
    expect(poseFromRows34(new Float64Array(16), 'a')).toMatchObject({
      left: { code: 'malformed', found: '16 numbers' },
    });
    const rows = rows34Of(identityPose());
    rows[6] = Number.NaN;
    expect(poseFromRows34(rows, 'a')).toMatchObject({ left: { code: 'malformed', field: 'row 1 column 2' } });
  });
});
