import fc from 'fast-check';
import { poseFromEuler } from '../poses/pose-from-euler.js';
import type { PointCloud, Pose } from '../types.js';

const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
const metres = (reach: number) => fc.double({ min: -reach, max: reach, noNaN: true });

/** Any rotation, translation up to `reach` metres. */
export const anyPose = (reach = 1000): fc.Arbitrary<Pose> =>
  fc
    .tuple(metres(reach), metres(reach), metres(reach), angle, angle, angle)
    .map(([x, y, z, yaw, pitch, roll]) => poseFromEuler([x, y, z], yaw, pitch, roll));

/** Points within `reach` metres, on any side; some at the origin and on the azimuth's seam. */
export const anyPointCloud = (reach = 60): fc.Arbitrary<PointCloud> => {
  const coordinate = fc.oneof(
    { weight: 9, arbitrary: fc.float({ min: -reach, max: reach, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(0, -0, 50, -4, 2) },
  );
  return fc
    .array(fc.tuple(coordinate, coordinate, coordinate, fc.float({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 200,
    })
    .map((rows) => ({
      positions: Float32Array.from(rows.flatMap((row) => row.slice(0, 3))),
      intensity: Float32Array.from(rows, (row) => row[3]),
    }));
};

/** Largest absolute difference. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let largest = a.length === b.length ? 0 : Number.NaN;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
};
