import {
  composePoses,
  type DataError,
  invertPose,
  type PointCloud,
  transformPoints,
} from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, unwrap } from '../files/guard.js';
import type { Sweep } from '../types.js';

export interface AccumulatedSweeps {
  /**
   * All points in the LiDAR frame of the first sweep, at its time. `timeOffset` is negative for what was measured before:
   * the negative of the official devkit's.
   */
  readonly points: PointCloud & { readonly timeOffset: Float32Array };
  /** [S] points kept of each sweep, in the order given. */
  readonly pointsOfSweep: Uint32Array;
  /** [N] which point of its own sweep each is: `labels[pointInSweep[i]]` for the first `pointsOfSweep[0]`. */
  readonly pointInSweep: Uint32Array;
}

export interface AccumulateSweepsOptions {
  /** Points with |x| and |y| both below this, in their own sweep, are the car itself and left out. Default 1 m; 0 keeps all. */
  readonly minDistance?: number;
}

/**
 * Brings sweeps into the LiDAR frame of the first, through the world, so that what stands still lies on itself however the
 * car has moved: the official devkit's `from_file_multisweep`. Moving objects leave a trail.
 *
 * @param sweeps `frame.pastSweeps(10)`, or frames of one drive; the first is the reference.
 * @throws RangeError when there is none.
 */
export const accumulateSweeps = (
  sweeps: readonly Sweep[],
  { minDistance = 1 }: AccumulateSweepsOptions = {},
): TaskEither<DataError, AccumulatedSweeps> => {
  const [reference] = sweeps;
  if (!reference) throw new RangeError('accumulateSweeps: no sweep');
  return guard(async () => {
    const lidarFromGlobal = invertPose(reference.globalFromLidar);
    const loaded = await Promise.all(
      sweeps.map(async (sweep) => {
        const cloud = unwrap(await sweep.points()());
        const kept = farPoints(cloud.positions, minDistance);
        const moved = transformPoints(
          composePoses(lidarFromGlobal, sweep.globalFromLidar),
          // The reference's own points stay as they are, bit for bit.
          sweep === reference ? new Float32Array(0) : cloud.positions,
        );
        return {
          cloud,
          kept,
          positions: sweep === reference ? cloud.positions : moved,
          offset: (sweep.timestamp - reference.timestamp) * 1e-6,
        };
      }),
    );
    const count = loaded.reduce((sum, { kept }) => sum + kept.length, 0);
    const positions = new Float32Array(count * 3);
    const intensity = new Float32Array(count);
    const timeOffset = new Float32Array(count);
    const pointInSweep = new Uint32Array(count);
    const ring = loaded.every(({ cloud }) => cloud.ring) ? new Uint8Array(count) : undefined;
    let at = 0;
    for (const { cloud, kept, positions: moved, offset } of loaded) {
      for (let k = 0; k < kept.length; k++, at++) {
        const from = kept[k];
        for (let axis = 0; axis < 3; axis++) positions[at * 3 + axis] = moved[from * 3 + axis];
        intensity[at] = cloud.intensity[from];
        timeOffset[at] = offset + (cloud.timeOffset?.[from] ?? 0);
        pointInSweep[at] = from;
        if (ring) ring[at] = cloud.ring![from];
      }
    }
    return {
      points: { positions, intensity, timeOffset, ...(ring ? { ring } : {}) },
      pointsOfSweep: Uint32Array.from(loaded, ({ kept }) => kept.length),
      pointInSweep,
    };
  });
};

/** Which points do not lie in the square around the scanner. */
const farPoints = (positions: Float32Array, minDistance: number): Uint32Array => {
  const kept = new Uint32Array(positions.length / 3);
  let count = 0;
  for (let i = 0; i < kept.length; i++)
    if (!(Math.abs(positions[i * 3]) < minDistance && Math.abs(positions[i * 3 + 1]) < minDistance))
      kept[count++] = i;
  return kept.slice(0, count);
};
