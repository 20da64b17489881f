import type { LidarModel } from './lidar.js';
import type { CameraMount } from './rig.js';

const degrees = (angle: number): number => (angle * Math.PI) / 180;

const fan = (count: number, low: number, high: number): number[] =>
  Array.from({ length: count }, (_, i) => degrees(low + ((high - low) * i) / (count - 1)));

/**
 * Velodyne HDL-32E as nuScenes carries it: 32 lasers from -30.67 to +10.67 degrees, ring 0 lowest, 20 revolutions per second, clockwise; the
 * sweep's timestamp is its end, when it points to the rear left (the last camera). The sensor's x points to the right of the car.
 */
export const hdl32e: LidarModel = {
  elevations: fan(32, -30.67, 10.67),
  azimuthSteps: 1084,
  rate: 20,
  range: [1, 90],
  rangeNoise: 0.02,
  dropOut: 0.02,
  startAzimuth: degrees(198),
  clockwise: true,
  timestampPhase: 1,
  compensated: true,
};

/**
 * Velodyne HDL-64E as KITTI carries it: 32 lasers from +2 to -8.33 degrees, 32 from -8.83 to -24.33, 10 revolutions per second; the sweep
 * starts behind the car and its timestamp is its middle, when it points forward and the cameras fire.
 */
export const hdl64e: LidarModel = {
  elevations: [...fan(32, 2, -8.33), ...fan(32, -8.83, -24.33)],
  azimuthSteps: 2083,
  rate: 10,
  range: [1.5, 100],
  rangeNoise: 0.02,
  dropOut: 0.02,
  startAzimuth: Math.PI,
  clockwise: false,
  timestampPhase: 0.5,
  compensated: true,
};

/**
 * Velodyne VLP-16: 16 lasers from -15 to +15 degrees, 10 revolutions per second. It spins as the car's own unit does (`scanners`
 * has what is its own).
 */
export const vlp16 = {
  elevations: fan(16, -15, 15),
  azimuthSteps: 1800,
  rate: 10,
  range: [1, 100],
  rangeNoise: 0.03,
} as const satisfies Partial<LidarModel>;

const own = ({ elevations, azimuthSteps, rate, range, rangeNoise }: LidarModel) => ({
  elevations,
  azimuthSteps,
  rate,
  range,
  rangeNoise,
});

/** What is a scanner's own, whichever car carries it: how the sweep starts and is stamped is the car's. */
export const scanners = { hdl32e: own(hdl32e), hdl64e: own(hdl64e), vlp16 } as const;
export type ScannerName = keyof typeof scanners;
export const scannerNames = Object.keys(scanners) as ScannerName[];

/** Where a LiDAR stands: metres and radians in the ego frame. */
export interface LidarMount {
  readonly translation: readonly [number, number, number];
  readonly yaw: number;
}

/** nuScenes' ego frame lies on the ground under the rear axle. */
export const nuScenesLidarMount: LidarMount = { translation: [0.944, 0, 1.84], yaw: -Math.PI / 2 };
/** KITTI has no ego frame: here it lies on the ground under the scanner. */
export const kittiLidarMount: LidarMount = { translation: [0, 0, 1.73], yaw: 0 };

const surround = (
  name: string,
  translation: readonly [number, number, number],
  yaw: number,
  focal = 1262,
): CameraMount => ({
  name,
  translation,
  yaw: degrees(yaw),
  pitch: 0,
  focal,
  center: [808, 492],
  nativeSize: [1600, 900],
  fires: 'sweep',
});

/** The six cameras of nuScenes' car: each fires when the laser passes its optical axis. */
export const nuScenesCameras: readonly CameraMount[] = [
  surround('CAM_FRONT', [1.7, 0.016, 1.51], 0),
  surround('CAM_FRONT_RIGHT', [1.55, -0.49, 1.5], -56),
  surround('CAM_BACK_RIGHT', [1.01, -0.48, 1.56], -110.5),
  surround('CAM_BACK', [0.03, 0.003, 1.58], 180, 809),
  surround('CAM_BACK_LEFT', [1.04, 0.48, 1.59], 108.5),
  surround('CAM_FRONT_LEFT', [1.52, 0.49, 1.51], 55.5),
];

const kittiCamera = (name: string, left: number): CameraMount => ({
  name,
  translation: [0.292, left, 1.676],
  yaw: 0,
  pitch: 0,
  focal: 718.9,
  center: [607.2, 185.2],
  nativeSize: [1241, 376],
  fires: 0,
});

/** KITTI's colour cameras, left and right of the scanner. */
export const kittiCameras: readonly CameraMount[] = [
  kittiCamera('image_2', 0.048),
  kittiCamera('image_3', -0.485),
];
