import { type PinholeCamera, type Pose, poseFromEuler, poseFromRows34 } from '@nerfseg/geometry';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { LidarModel } from './lidar.js';

/** A camera on the car; metres and radians, ego frame (x forward, y left, z up). */
export interface CameraMount {
  readonly name: string;
  readonly translation: readonly [number, number, number];
  /** 0 = forward, positive to the left. */
  readonly yaw: number;
  /** Positive looks down. */
  readonly pitch: number;
  /** Focal length and principal point in pixels of the native size. */
  readonly focal: number;
  readonly center: readonly [number, number];
  readonly nativeSize: readonly [width: number, height: number];
  /** Seconds from the sweep's timestamp to the shutter, or 'sweep': when the laser passes the optical axis. */
  readonly fires: number | 'sweep';
}

/** Camera axes (x right, y down, z forward) in ego axes, for a camera that looks forward. */
const forwardAxes = (): Pose => {
  const pose = poseFromRows34([0, 0, 1, 0, -1, 0, 0, 0, 0, -1, 0, 0], 'camera axes');
  if (isLeft(pose)) throw new Error('camera axes are a rotation');
  return pose.right;
};

export const egoFromCameraOf = (mount: CameraMount): Pose => {
  const body = poseFromEuler(mount.translation, mount.yaw, mount.pitch, 0);
  const axes = forwardAxes();
  const out = new Float64Array(16);
  for (let c = 0; c < 4; c++) {
    for (let r = 0; r < 4; r++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += body[k * 4 + r] * axes[c * 4 + k];
      out[c * 4 + r] = sum;
    }
  }
  return out;
};

/** Intrinsics for a picture of another size: scaled to its width, cut or extended evenly above and below. */
export const pinholeOf = (mount: CameraMount, width: number, height: number): PinholeCamera => {
  const scale = width / mount.nativeSize[0];
  const focal = mount.focal * scale;
  const cx = mount.center[0] * scale;
  const cy = mount.center[1] * scale + (height - mount.nativeSize[1] * scale) / 2;
  return { width, height, intrinsics: Float64Array.of(focal, 0, cx, 0, focal, cy, 0, 0, 1) };
};

/** Seconds from the sweep's timestamp to a camera's shutter. */
export const shutterOffset = (mount: CameraMount, lidar: LidarModel, lidarYaw: number): number => {
  if (mount.fires !== 'sweep') return mount.fires;
  const start = lidarYaw + lidar.startAzimuth;
  const turned = lidar.clockwise ? start - mount.yaw : mount.yaw - start;
  const part = turned / (2 * Math.PI);
  return (part - Math.floor(part) - lidar.timestampPhase) / lidar.rate;
};
