import type { CameraView, Frame } from '@nerfseg/datasets';
import { type DataError, invertPose, projectPoints, translationOf } from '@nerfseg/geometry';
import { isLeft, right } from 'fp-ts/lib/Either.js';
import { isSome } from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** What a camera sees of a sweep, in numbers. */
export interface CameraSummary {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Points that project into the picture. */
  readonly points: number;
  /** Shutter after the sweep's time, seconds. */
  readonly delay: number;
  /** Metres that ego-motion moved the camera between the two times. */
  readonly motion: number;
}

/** A frame in numbers, and its data for pictures. */
export interface FrameSummary {
  readonly frame: Frame;
  readonly positions: Float32Array;
  /** [N], where the frame is labelled. */
  readonly labels?: Uint8Array;
  /** Points per class, where the frame is labelled. */
  readonly pointsOfClass?: Float64Array;
  /** Metres to the farthest point. */
  readonly range: number;
  readonly cameras: readonly CameraSummary[];
}

/** Reads one frame's points and labels and projects it into its cameras. */
export const inspectFrame =
  (frame: Frame, numClasses: number): TaskEither<DataError, FrameSummary> =>
  async () => {
    const points = await frame.points()();
    if (isLeft(points)) return points;
    const found = await frame.labels()();
    if (isLeft(found)) return found;
    const { positions } = points.right;
    const labels = isSome(found.right) ? found.right.value : undefined;
    const cameras = frame.cameras.map((view) => cameraSummary(view, frame, positions));
    return right({
      frame,
      positions,
      range: farthest(positions),
      cameras,
      ...(labels ? { labels, pointsOfClass: countClasses(labels, numClasses) } : {}),
    });
  };

function cameraSummary(view: CameraView, frame: Frame, positions: Float32Array): CameraSummary {
  const { visible } = projectPoints(positions, view.cameraFromLidar, view);
  const now = translationOf(invertPose(view.cameraFromLidar));
  const mounted = translationOf(invertPose(view.cameraFromLidarMount));
  return {
    name: view.name,
    width: view.width,
    height: view.height,
    points: visible.reduce((sum, inside) => sum + inside, 0),
    delay: (view.timestamp - frame.timestamp) / 1e6,
    motion: Math.hypot(now[0]! - mounted[0]!, now[1]! - mounted[1]!, now[2]! - mounted[2]!),
  };
}

function countClasses(labels: Uint8Array, numClasses: number): Float64Array {
  const counts = new Float64Array(numClasses);
  for (const label of labels) counts[label]! += 1;
  return counts;
}

function farthest(positions: Float32Array): number {
  let squared = 0;
  for (let i = 0; i < positions.length; i += 3) {
    const d = positions[i]! ** 2 + positions[i + 1]! ** 2 + positions[i + 2]! ** 2;
    if (d > squared) squared = d;
  }
  return Math.sqrt(squared);
}
