import type { CameraRecord, FrameRecord } from '@nerfseg/datasets';
import { composePoses, type Pose, poseFromEuler, type Random } from '@nerfseg/geometry';
import type { SimulationConfig } from './config.js';
import { nuScenesClassOf, semanticKittiClassOf } from './semantics.js';
import { type PixelTruth, takePicture } from './sensors/camera.js';
import { type Sweep, sweepLidar } from './sensors/lidar.js';
import { type CameraMount, egoFromCameraOf, pinholeOf, shutterOffset } from './sensors/rig.js';
import type { Lamps } from './sensors/shade.js';
import { createTraceScene, type TraceScene } from './trace/scene.js';
import { movingObjects } from './world/moving-objects.js';
import { egoPoseAt, type World } from './world/world.js';

/** One frame as the writers take it, and the truth behind it. */
export interface SimulatedFrame {
  readonly record: FrameRecord;
  readonly sweep: Sweep;
  /** Per camera, in the record's order. */
  readonly truth: readonly PixelTruth[];
  /** [N] 1 for the points of what moves at the sweep's time, 0 for all others; only where it was asked for. */
  readonly moving?: Uint8Array;
}

/** Class ids of the format's label space per semantic id. */
export const classTableOf = (format: SimulationConfig['format']): Uint8Array =>
  format === 'nuscenes' ? nuScenesClassOf : semanticKittiClassOf;

export const egoFromLidarOf = (config: SimulationConfig): Pose =>
  poseFromEuler(config.lidarMount.translation, config.lidarMount.yaw);

/** A world made ready for measuring: what moves is moved within it. */
export interface Drive {
  readonly world: World;
  readonly scene: TraceScene;
  readonly config: SimulationConfig;
  /** Forked per frame, so that frames do not depend on one another. */
  readonly random: Random;
  /** Timestamp of the first sweep, integer microseconds. */
  readonly start: number;
}

export const startDrive = (world: World, config: SimulationConfig, random: Random, start = 0): Drive => ({
  world,
  scene: createTraceScene(world.ground, world.movers),
  config,
  random,
  start,
});

/** Measures frame `index` of a drive; any order of frames gives the same frames. */
export const simulateFrame = (drive: Drive, index: number): SimulatedFrame => {
  const { world, scene, config } = drive;
  const egoFromLidar = egoFromLidarOf(config);
  const classOf = classTableOf(config.format);
  const ego = new Float64Array(16);
  const time = index * config.frameSpacing;
  const lidarAt = (at: number, out: Float64Array): void => {
    out.set(composePoses(egoPoseAt(world, at, ego), egoFromLidar));
  };
  const sweep = sweepLidar(
    scene,
    config.lidar,
    time,
    lidarAt,
    drive.random.fork(`frame ${index}`),
    world.air,
  );
  const shots = config.cameras.map((mount) => shoot(drive, mount, time));
  return {
    record: {
      timestamp: drive.start + Math.round(time * 1e6),
      points: sweep.points,
      labels: sweep.semantic.map((id) => classOf[id]),
      globalFromEgo: egoPoseAt(world, time, new Float64Array(16)),
      cameras: shots.map((shot) => shot.record),
    },
    sweep,
    truth: shots.map((shot) => shot.truth),
    ...(config.movingTruth ? { moving: movingPoints(world, sweep, time) } : {}),
  };
};

const movingPoints = (world: World, { object }: Sweep, time: number): Uint8Array => {
  const moving = movingObjects(world, time);
  return Uint8Array.from(object, (id) => (moving.has(id) ? 1 : 0));
};

const shoot = (
  { world, scene, config, start }: Drive,
  mount: CameraMount,
  time: number,
): { record: CameraRecord; truth: PixelTruth } => {
  // The shutter fires on a whole microsecond, as its timestamp says.
  const offset = shutterOffset(mount, config.lidar, config.lidarMount.yaw);
  const timestamp = start + Math.round((time + offset) * 1e6);
  const shutter = (timestamp - start) / 1e6;
  const camera = pinholeOf(mount, config.imageSize.width, config.imageSize.height);
  const egoFromCamera = egoFromCameraOf(mount);
  const globalFromEgoAtCamera = egoPoseAt(world, shutter, new Float64Array(16));
  const { image, truth } = takePicture(scene, world.light, {
    camera,
    globalFromCamera: composePoses(globalFromEgoAtCamera, egoFromCamera),
    time: shutter,
    supersampling: config.supersampling,
    rain: world.air.rain,
    lamps: lampsAt(world, globalFromEgoAtCamera),
  });
  return {
    record: { name: mount.name, timestamp, image, ...camera, egoFromCamera, globalFromEgoAtCamera },
    truth,
  };
};

/** Street lamps that light up what a camera sees, and the car's own headlights. */
const lampsAt = ({ lamps, light }: World, globalFromEgo: Pose): Lamps => {
  const near: number[] = [];
  const [x, y, z] = [globalFromEgo[12], globalFromEgo[13], globalFromEgo[14]];
  if (light.lamps > 0) {
    for (let i = 0; i < lamps.length; i += 3)
      if (Math.hypot(lamps[i] - x, lamps[i + 1] - y) < 110) near.push(lamps[i], lamps[i + 1], lamps[i + 2]);
  }
  const [fx, fy, fz] = [globalFromEgo[0], globalFromEgo[1], globalFromEgo[2]];
  return {
    positions: Float64Array.from(near),
    headlight: [x + 3.6 * fx, y + 3.6 * fy, z + 3.6 * fz + 0.7, fx, fy, fz],
  };
};

/**
 * Drives through a world and measures: yields one frame after the other, so that no two need be held. Between frames it lets other work of
 * the process run.
 *
 * @param start timestamp of the first sweep, integer microseconds.
 * @param signal ends the iteration early.
 */
export async function* simulateScene(
  world: World,
  config: SimulationConfig,
  random: Random,
  start = 0,
  signal?: AbortSignal,
): AsyncGenerator<SimulatedFrame, void, undefined> {
  const drive = startDrive(world, config, random, start);
  for (let index = 0; index < config.framesPerScene; index++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) return;
    yield simulateFrame(drive, index);
  }
}
