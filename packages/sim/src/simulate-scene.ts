import type { CameraRecord, FrameRecord } from '@nerfseg/datasets';
import { composePoses, type Pose, poseFromEuler, type Random } from '@nerfseg/geometry';
import type { SimulationConfig } from './config.js';
import { nuScenesClassOf, semanticKittiClassOf } from './semantics.js';
import { type PixelTruth, takePicture } from './sensors/camera.js';
import { type Sweep, sweepLidar } from './sensors/lidar.js';
import { egoFromCameraOf, pinholeOf, shutterOffset } from './sensors/rig.js';
import { createTraceScene } from './trace/scene.js';
import { egoPoseAt, type World } from './world/world.js';

/** One frame as the writers take it, and the truth behind it. */
export interface SimulatedFrame {
  readonly record: FrameRecord;
  readonly sweep: Sweep;
  /** Per camera, in the record's order. */
  readonly truth: readonly PixelTruth[];
}

/** Class ids of the format's label space per semantic id. */
export const classTableOf = (format: SimulationConfig['format']): Uint8Array =>
  format === 'nuscenes' ? nuScenesClassOf : semanticKittiClassOf;

export const egoFromLidarOf = (config: SimulationConfig): Pose =>
  poseFromEuler(config.lidarMount.translation, config.lidarMount.yaw);

/**
 * Drives through a world and measures: yields one frame after the other, so that no two need be held. Between pictures it lets other
 * work of the process run.
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
  const scene = createTraceScene(world.ground, world.movers);
  const egoFromLidar = egoFromLidarOf(config);
  const classOf = classTableOf(config.format);
  const ego = new Float64Array(16);
  const lidarAt = (time: number, out: Float64Array): void => {
    out.set(composePoses(egoPoseAt(world, time, ego), egoFromLidar));
  };
  for (let i = 0; i < config.framesPerScene; i++) {
    const time = i * config.frameSpacing;
    const noise = random.fork(`frame ${i}`);
    const sweep = sweepLidar(scene, config.lidar, time, lidarAt, noise);
    const cameras: CameraRecord[] = [];
    const truth: PixelTruth[] = [];
    for (const mount of config.cameras) {
      await new Promise((resolve) => setImmediate(resolve));
      if (signal?.aborted) return;
      // The shutter fires on a whole microsecond, as its timestamp says.
      const timestamp =
        start + Math.round((time + shutterOffset(mount, config.lidar, config.lidarMount.yaw)) * 1e6);
      const shutter = (timestamp - start) / 1e6;
      const camera = pinholeOf(mount, config.imageSize.width, config.imageSize.height);
      const egoFromCamera = egoFromCameraOf(mount);
      const globalFromEgoAtCamera = egoPoseAt(world, shutter, new Float64Array(16));
      const picture = takePicture(scene, world.light, {
        camera,
        globalFromCamera: composePoses(globalFromEgoAtCamera, egoFromCamera),
        time: shutter,
        supersampling: config.supersampling,
      });
      truth.push(picture.truth);
      cameras.push({
        name: mount.name,
        timestamp,
        image: picture.image,
        ...camera,
        egoFromCamera,
        globalFromEgoAtCamera,
      });
    }
    yield {
      record: {
        timestamp: start + Math.round(time * 1e6),
        points: sweep.points,
        labels: sweep.semantic.map((id) => classOf[id]),
        globalFromEgo: egoPoseAt(world, time, new Float64Array(16)),
        cameras,
      },
      sweep,
      truth,
    };
  }
}
