import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { composePoses } from '../poses/compose-poses.js';
import { identityPose } from '../poses/identity-pose.js';
import { invertPose } from '../poses/invert-pose.js';
import { isRigid } from '../poses/is-rigid.js';
import { poseFromEuler } from '../poses/pose-from-euler.js';
import { transformPoints } from '../poses/transform-points.js';
import { yawOf } from '../poses/yaw-of.js';
import { anyPose, distance } from '../testing/arbitraries.test.helper.js';
import type { PointCloud, Pose, PoseTrack } from '../types.js';
import { compensateMotion } from './compensate-motion.js';
import { type InterpolatePoseOptions, interpolatePose } from './interpolate-pose.js';
import { poseTrack } from './pose-track.js';

/** A nuScenes-like time, where float64 has quarter microseconds left. */
const epoch = 1532402927647951;

const at = (track: PoseTrack, timestamp: number, options: InterpolatePoseOptions = {}): Pose => {
  const pose = interpolatePose(track, timestamp, options);
  if (pose._tag === 'Left') throw new Error(pose.left.found);
  return pose.right;
};
const trackOf = (...knots: [number, Pose][]): PoseTrack => ({
  timestamps: Float64Array.from(knots, (knot) => knot[0]),
  poses: knots.map((knot) => knot[1]),
});
/** Three seconds of a gentle curve. */
const drive = trackOf(
  [epoch, poseFromEuler([600, 1600, 0], 0)],
  [epoch + 1e6, poseFromEuler([610, 1601, 0], 0.1)],
  [epoch + 2e6, poseFromEuler([620, 1604, 0], 0.3, 0.01)],
  [epoch + 3e6, poseFromEuler([629, 1609, 0.2], 0.4, 0.02, 0.01)],
);

describe('interpolatePose', () => {
  it('meets the recorded poses and goes straight between them', () => {
    drive.poses.forEach((pose, i) => {
      expect(at(drive, epoch + i * 1e6)).toEqual(pose);
    });
    const half = at(drive, epoch + 5e5);
    expect(distance(half.slice(12, 15), [605, 1600.5, 0])).toBeLessThan(1e-9);
    expect(yawOf(half)).toBeCloseTo(0.05, 12);
  });
  it('turns at constant speed the shorter way, and stays rigid', () => {
    fc.assert(
      fc.property(anyPose(), anyPose(), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (from, to, t) => {
        const between = at(trackOf([0, from], [1e6, to]), t * 1e6);
        expect(isRigid(between, 1e-12)).toBe(true);
        const cosine = (a: Pose, b: Pose): number => {
          const r = composePoses(invertPose(a), b);
          return (r[0] + r[5] + r[10] - 1) / 2;
        };
        const whole = Math.acos(Math.min(1, Math.max(-1, cosine(from, to))));
        expect(cosine(from, between)).toBeCloseTo(Math.cos(whole * t), 6);
      }),
    );
  });
  it('refuses times outside the track, naming the range', () => {
    for (const time of [epoch - 1, epoch + 3e6 + 1, Number.NaN])
      expect(interpolatePose(drive, time, { source: 'ego_pose.json' })).toMatchObject({
        left: {
          code: 'out-of-range',
          source: 'ego_pose.json',
          found: `${time}`,
          expected: `${epoch} to ${epoch + 3e6} microseconds`,
        },
      });
  });
  it('carries the motion on as far as it is told', () => {
    const before = at(drive, epoch - 1e5, { extrapolation: 1e5 });
    expect(distance(before.slice(12, 15), [599, 1599.9, 0])).toBeLessThan(1e-9);
    expect(yawOf(before)).toBeCloseTo(-0.01, 9);
    const beyond = at(drive, epoch + 3e6 + 1e5, { extrapolation: 1e5 });
    expect(distance(beyond.slice(12, 15), [629.9, 1609.5, 0.22])).toBeLessThan(1e-9);
    expect(interpolatePose(drive, epoch - 100001, { extrapolation: 1e5 })).toMatchObject({
      left: { code: 'out-of-range' },
    });
  });
  it('carries a slow turn on at its own speed, as motion compensation does', () => {
    // 0.2 rad/s seen 200 times a second: 1 mrad from pose to pose.
    const slow = trackOf([0, poseFromEuler([0, 0, 0], 0)], [5000, poseFromEuler([0, 0, 0], 0.001)]);
    for (const seconds of [0.5, 5, 15])
      expect(yawOf(at(slow, seconds * 1e6, { extrapolation: 2e7 }))).toBeCloseTo(0.2 * seconds, 9);
    const gentle = trackOf([0, identityPose()], [1e6, poseFromEuler([0, 0, 0], 1e-9)]);
    expect(yawOf(at(gentle, 5e5)) / 5e-10).toBeCloseTo(1, 6);
  });
  it('takes the first of poses that share a time, inside and at the ends', () => {
    const [a, b, c] = [0, 1, 2].map((x) => poseFromEuler([x, 0, 0], 0));
    const inside = trackOf([0, a], [10, b], [10, c], [20, a]);
    expect(at(inside, 10)).toEqual(b);
    expect(at(inside, 5)[12]).toBeCloseTo(0.5, 12);
    expect(at(inside, 15)[12]).toBeCloseTo(1, 12);
    const ends = trackOf([0, a], [0, b], [10, c], [10, b]);
    expect(at(ends, 0)).toEqual(a);
    expect(at(ends, 10)).toEqual(c);
    expect(at(ends, -1, { extrapolation: 5 }).every(Number.isFinite)).toBe(true);
    expect(at(ends, 12, { extrapolation: 5 }).every(Number.isFinite)).toBe(true);
    expect(at(trackOf([3, b]), 4, { extrapolation: 5 })).toEqual(b);
    expect(at(trackOf([3, b], [3, c]), 2, { extrapolation: 5 })).toEqual(b);
  });
  it('does not hand out its own poses', () => {
    const track = trackOf([0, identityPose()]);
    at(track, 0)[12] = 5;
    expect(track.poses[0][12]).toBe(0);
  });
  it('refuses empty and uneven tracks', () => {
    expect(interpolatePose(trackOf(), 0)).toMatchObject({ left: { code: 'empty' } });
    expect(interpolatePose({ timestamps: Float64Array.of(0, 1), poses: [identityPose()] }, 0)).toMatchObject({
      left: { code: 'mismatch' },
    });
  });
});

describe('poseTrack', () => {
  it('checks order, number and finiteness', () => {
    const poses = [identityPose(), identityPose()];
    expect(poseTrack([1, 2], poses, 'a')).toEqual({
      _tag: 'Right',
      right: { timestamps: Float64Array.of(1, 2), poses },
    });
    expect(poseTrack([2, 2], poses, 'a')).toMatchObject({ _tag: 'Right' });
    expect(poseTrack([2, 1], poses, 'a')).toMatchObject({
      left: { code: 'mismatch', field: 'timestamps[1]', found: '1 after 2' },
    });
    expect(poseTrack([1], poses, 'a')).toMatchObject({ left: { code: 'mismatch', field: 'poses' } });
    expect(poseTrack([1, Number.NaN], poses, 'a')).toMatchObject({ left: { code: 'malformed' } });
    expect(poseTrack([], [], 'a')).toMatchObject({ left: { code: 'empty' } });
  });
});

describe('compensateMotion', () => {
  const bodyFromLidar = poseFromEuler([0.9, 0, 1.8], -Math.PI / 2, 0.01, 0.02);
  const timestamp = epoch + 1.4e6;

  it('brings a standing world, seen from a moving car, to one frame', () => {
    const world = fc.array(fc.double({ min: -40, max: 40, noNaN: true }), { minLength: 3, maxLength: 3 });
    const offset = fc.double({ min: -1.4, max: 1.6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(world, offset), { minLength: 1, maxLength: 30 }), (seen) => {
        const timeOffset = Float32Array.from(seen, ([, time]) => time);
        const inFrameAt = (microseconds: number, point: number[]): Float64Array => {
          const globalFromLidar = composePoses(
            at(drive, timestamp + microseconds, { extrapolation: 10 }),
            bodyFromLidar,
          );
          return transformPoints(
            invertPose(globalFromLidar),
            Float64Array.from(point, (c, i) => c + [615, 1602, 0][i]),
          );
        };
        const measured: PointCloud = {
          positions: Float32Array.from(
            seen.flatMap(([point], n) => [...inFrameAt(timeOffset[n] * 1e6, point)]),
          ),
          intensity: new Float32Array(seen.length),
          ring: new Uint8Array(seen.length).fill(7),
          timeOffset,
        };
        const moved = compensateMotion(measured, timestamp, drive, { bodyFromLidar, extrapolation: 10 });
        expect(moved).toMatchObject({ _tag: 'Right' });
        if (moved._tag === 'Left') return;
        const expected = seen.flatMap(([point]) => [...inFrameAt(0, point)]);
        expect(distance(moved.right.positions, expected)).toBeLessThan(2e-5);
        expect(moved.right.ring).toBe(measured.ring);
        expect('timeOffset' in moved.right).toBe(false);
      }),
    );
  });
  it('leaves points of offset 0 and the input alone', () => {
    const positions = Float32Array.of(1, 2, 3, 4, 5, 6);
    const cloud = { positions, intensity: new Float32Array(2), timeOffset: Float32Array.of(0, 0.5) };
    const moved = compensateMotion(cloud, timestamp, drive);
    expect(moved._tag === 'Right' && distance(moved.right.positions.slice(0, 3), [1, 2, 3])).toBeLessThan(
      1e-6,
    );
    expect(moved._tag === 'Right' && distance(moved.right.positions.slice(3), [4, 5, 6])).toBeGreaterThan(1);
    expect(positions).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  });
  it('names the point whose time no pose covers', () => {
    const cloud = {
      positions: new Float32Array(6),
      intensity: new Float32Array(2),
      timeOffset: Float32Array.of(0, 5),
    };
    expect(compensateMotion(cloud, timestamp, drive, { source: '000000.bin' })).toMatchObject({
      left: { code: 'out-of-range', source: '000000.bin', field: 'timeOffset of point 1', found: '5 s' },
    });
    cloud.timeOffset[1] = Number.NaN;
    expect(compensateMotion(cloud, timestamp, drive)).toMatchObject({
      left: { field: 'timeOffset of point 1' },
    });
    expect(compensateMotion(cloud, epoch - 1, drive)).toMatchObject({
      left: { code: 'out-of-range', source: 'scan: pose track' },
    });
  });
  it('takes poses that reach just from the first point to the last, whatever float32 makes of their times', () => {
    const cloud = { positions: new Float32Array(6), intensity: new Float32Array(2) };
    for (let span = 1; span < 50_000; span += 487) {
      const track = {
        timestamps: Float64Array.of(epoch - span, epoch + span),
        poses: drive.poses.slice(0, 2),
      };
      const timeOffset = Float32Array.of(-span / 1e6, span / 1e6);
      expect(compensateMotion({ ...cloud, timeOffset }, epoch, track)).toMatchObject({ _tag: 'Right' });
      const beyond = Float32Array.of(0, (span + 1) / 1e6);
      expect(compensateMotion({ ...cloud, timeOffset: beyond }, epoch, track)).toMatchObject({
        left: { field: 'timeOffset of point 1' },
      });
    }
  });
  it('moves a point as interpolatePose says, whatever points come before it', () => {
    const poses = [0, 5, 10, 20].map((x) => poseFromEuler([x, 0, 0], 0));
    const track = { timestamps: Float64Array.of(0, 0, 100_000, 200_000), poses };
    const cloud = { positions: new Float32Array(9), intensity: new Float32Array(3) };
    const times = [0, 0.05, 0.15];
    const moved = compensateMotion({ ...cloud, timeOffset: Float32Array.from(times) }, 0, track);
    const expected = times.map((time) => at(track, time * 1e6)[12]);
    expect(expected).toEqual([0, 7.5, 15]);
    expect(
      moved._tag === 'Right' &&
        distance(
          [0, 3, 6].map((i) => moved.right.positions[i]),
          expected,
        ),
    ).toBeLessThan(1e-4);
  });
  it('refuses clouds without times, or with another number of them', () => {
    const cloud = { positions: new Float32Array(6), intensity: new Float32Array(2) };
    expect(compensateMotion(cloud, timestamp, drive)).toMatchObject({ left: { code: 'not-found' } });
    expect(compensateMotion({ ...cloud, timeOffset: new Float32Array(3) }, timestamp, drive)).toMatchObject({
      left: { code: 'mismatch' },
    });
    expect(
      compensateMotion({ ...cloud, timeOffset: new Float32Array(2) }, timestamp, trackOf()),
    ).toMatchObject({ left: { code: 'empty' } });
  });
});
