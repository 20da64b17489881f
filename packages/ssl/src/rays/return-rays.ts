import type { PreparedScan } from '@nerfseg/datasets';
import {
  invertPose,
  type PinholeCamera,
  type Pose,
  projectPoints,
  type Random,
  type RayBundle,
  translationOf,
  zBufferVisibility,
} from '@nerfseg/geometry';
import { castLidarRays, concatRays } from '@nerfseg/render';
import { chooseReturns } from '../data/choose-returns.js';
import { joinBytes, joinFloats } from '../data/join.js';

/** Rays that end at LiDAR returns: their depth is known, and their class where the scan is labelled. */
export interface ReturnRays {
  readonly rays: RayBundle;
  /** [R] metres to the return. */
  readonly range: Float32Array;
  /** [R] class of the return, 0 unknown. */
  readonly classes: Uint8Array;
}

/** A point of the LiDAR frame under the scan's augmentation. */
export function augmentedPoint(
  affine: Float64Array,
  [x, y, z]: readonly [number, number, number],
): readonly [number, number, number] {
  const row = (a: number): number =>
    affine[a]! * x + affine[4 + a]! * y + affine[8 + a]! * z + affine[12 + a]!;
  return [row(0), row(1), row(2)];
}

/**
 * Half of the rays leave the LiDAR itself, half one camera (where the frame has any), through returns which that camera
 * sees: what rendering must get right is what the camera looks along. Straight rays stay straight under augmentation, so
 * they are cast between augmented end points.
 *
 * @param budget rays in all; fewer where the scan has fewer fitting returns
 */
export function returnRays(
  { frame, points, positionsBefore, pointLabels, augmentedFromLidar }: PreparedScan,
  budget: number,
  labelled: boolean,
  random: Random,
): ReturnRays {
  const camera = frame.cameras.length > 0 ? frame.cameras[random.int(frame.cameras.length)] : undefined;
  const cast = (
    origin: readonly [number, number, number],
    count: number,
    candidates?: Uint8Array,
  ): ReturnRays => {
    const chosen = chooseReturns(pointLabels, count, random, {
      unlabelled: !labelled,
      ...(candidates ? { candidates } : {}),
    });
    const classes = Uint8Array.from(chosen, (i) => pointLabels[i]!);
    return {
      ...castLidarRays(points.positions, chosen, { origin: augmentedPoint(augmentedFromLidar, origin) }),
      classes,
    };
  };
  const fromLidar = cast([0, 0, 0], camera ? budget - (budget >> 1) : budget);
  if (!camera) return fromLidar;
  const centre = translationOf(invertPose(camera.cameraFromLidar));
  const fromCamera = cast([centre[0]!, centre[1]!, centre[2]!], budget >> 1, seenBy(positionsBefore, camera));
  return {
    rays: concatRays([fromLidar.rays, fromCamera.rays]),
    range: joinFloats([fromLidar.range, fromCamera.range]),
    classes: joinBytes([fromLidar.classes, fromCamera.classes]),
  };
}

/** [N] 1 where the camera sees the point: in its image and not behind nearer returns. */
export function seenBy(
  positions: Float32Array,
  camera: PinholeCamera & { readonly cameraFromLidar: Pose },
): Uint8Array {
  const { u, v, depth } = projectPoints(positions, camera.cameraFromLidar, camera);
  return zBufferVisibility(u, v, depth, camera);
}
