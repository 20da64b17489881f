import type { PointCloud, Random } from '@nerfseg/geometry';
import { lossOf, reflectivityOf, soaksOf } from '../materials.js';
import { semanticId } from '../semantics.js';
import { createHit, createRay } from '../trace/intersect.js';
import { bvhOf, moveTo, type TraceScene, traceRay } from '../trace/scene.js';
import type { Air } from '../world/conditions.js';

/** How the spinning LiDAR is built; angles in radians. */
export interface LidarModel {
  /** Elevation of each laser; the index is the ring number. */
  readonly elevations: readonly number[];
  /** Firings per revolution. */
  readonly azimuthSteps: number;
  /** Revolutions per second. */
  readonly rate: number;
  /** Metres: nearer and farther returns are not reported. */
  readonly range: readonly [near: number, far: number];
  /** Standard deviation of a range, metres. */
  readonly rangeNoise: number;
  /** Probability that a return is lost whatever it hits. */
  readonly dropOut: number;
  /** Azimuth in the LiDAR's frame (from x towards y) at which the sweep starts and ends. */
  readonly startAzimuth: number;
  readonly clockwise: boolean;
  /** Where in the sweep its timestamp lies: 1 = at its end (nuScenes), 0.5 = at its middle (KITTI). */
  readonly timestampPhase: number;
  /**
   * true: points are expressed in the sensor's frame at the sweep's timestamp, as both real data sets publish them: the car's own
   * motion is taken out, other objects' motion is not. false: in the frame of the moment of each firing.
   */
  readonly compensated: boolean;
}

/** One sweep and what each point truly is. */
export interface Sweep {
  readonly points: PointCloud;
  /** [N] semantic ids. */
  readonly semantic: Uint8Array;
  /** [N] which object; 0 = ground and scenery. */
  readonly object: Uint16Array;
}

const ray = createRay();
const hit = createHit();
const pose = new Float64Array(16);
const droplet = semanticId.droplet;

/** Seconds from the sweep's timestamp to firing `step`. */
export const firingTime = (lidar: LidarModel, step: number): number =>
  ((step + 0.5) / lidar.azimuthSteps - lidar.timestampPhase) / lidar.rate;

/**
 * Sweeps once around. `time` (seconds of the scene) is the sweep's timestamp; `lidarAt` writes `globalFromLidar` at any time, so
 * that the car and everything else move while the laser turns.
 */
export const sweepLidar = (
  scene: TraceScene,
  lidar: LidarModel,
  time: number,
  lidarAt: (time: number, out: Float64Array) => void,
  random: Random,
  air?: Air,
): Sweep => {
  const { elevations, azimuthSteps } = lidar;
  const capacity = elevations.length * azimuthSteps;
  const positions = new Float32Array(capacity * 3);
  const intensity = new Float32Array(capacity);
  const ring = new Uint8Array(capacity);
  const timeOffset = new Float32Array(capacity);
  const semantic = new Uint8Array(capacity);
  const object = new Uint16Array(capacity);
  const cosines = Float64Array.from(elevations, Math.cos);
  const sines = Float64Array.from(elevations, Math.sin);
  const reference = new Float64Array(16);
  lidarAt(time, reference);
  const stride = Math.max(1, Math.floor(azimuthSteps * lidar.rate * 5e-4));
  let count = 0;
  for (let step = 0; step < azimuthSteps; step++) {
    const offset = firingTime(lidar, step);
    lidarAt(time + offset, pose);
    // What moves at 20 m/s comes a hundredth of a metre further in half a millisecond.
    if (step % stride === 0) moveTo(scene, firingTime(lidar, step + (stride - 1) / 2) + time);
    const turned = ((step + 0.5) / azimuthSteps) * 2 * Math.PI;
    const azimuth = lidar.startAzimuth + (lidar.clockwise ? -turned : turned);
    for (let beam = 0; beam < elevations.length; beam++) {
      const x = cosines[beam] * Math.cos(azimuth);
      const y = cosines[beam] * Math.sin(azimuth);
      const z = sines[beam];
      for (let row = 0; row < 3; row++) {
        ray[row] = pose[12 + row];
        ray[row + 3] = pose[row] * x + pose[4 + row] * y + pose[8 + row] * z;
      }
      ray[6] = lidar.range[0];
      ray[7] = lidar.range[1];
      const found = traceRay(scene, ray, hit, false);
      let range = found ? hit[0] : Number.POSITIVE_INFINITY;
      let returned = 0;
      let what = droplet;
      let whose = 0;
      if (air && air.falseReturns > 0 && random.next() < air.falseReturns) {
        const near = lidar.range[0] - air.falseRange * Math.log(1 - random.next());
        if (near < range) {
          range = near;
          returned = 0.02 + 0.06 * random.next();
        }
      }
      if (returned === 0) {
        if (!found) continue;
        const mesh = bvhOf(scene, hit[2]).mesh;
        what = mesh.semantic[hit[1]];
        whose = mesh.object[hit[1]];
        const material = mesh.material[hit[1]];
        const c = mesh.colors;
        const brightness = (c[hit[1] * 3] + c[hit[1] * 3 + 1] + c[hit[1] * 3 + 2]) / 3;
        const cosine = incidence(scene);
        returned = reflectivityOf[material] * (0.55 + 0.9 * Math.sqrt(brightness)) * (0.25 + 0.75 * cosine);
        let lost = lidar.dropOut + lossOf[material];
        if (air) {
          returned *= Math.exp(-2 * air.extinction * range);
          // Water swallows near infrared, and a wet surface mirrors what meets it at a flat angle.
          const wet = air.wetness * soaksOf[material];
          returned *= 1 - 0.5 * wet;
          lost += 0.35 * wet * (1 - cosine) ** 2;
        }
        if (random.next() < lost + weakness(returned, range, lidar.range[1])) continue;
      }
      range += lidar.rangeNoise * random.normal();
      const frame = lidar.compensated ? reference : pose;
      for (let row = 0; row < 3; row++) {
        const a = pose[12] + range * ray[3] - frame[12];
        const b = pose[13] + range * ray[4] - frame[13];
        const d = pose[14] + range * ray[5] - frame[14];
        positions[count * 3 + row] = frame[row * 4] * a + frame[row * 4 + 1] * b + frame[row * 4 + 2] * d;
      }
      intensity[count] = Math.min(1, Math.max(0, returned * (1 + 0.08 * random.normal())));
      ring[count] = beam;
      timeOffset[count] = offset;
      semantic[count] = what;
      object[count] = whose;
      count++;
    }
  }
  return {
    points: {
      positions: positions.slice(0, count * 3),
      intensity: intensity.slice(0, count),
      ring: ring.slice(0, count),
      timeOffset: timeOffset.slice(0, count),
    },
    semantic: semantic.slice(0, count),
    object: object.slice(0, count),
  };
};

/** |cosine| between the ray and the face that `hit` names. */
const incidence = (scene: TraceScene): number => {
  const mover = hit[2];
  const edges = bvhOf(scene, mover).edges;
  const e = hit[1] * 9;
  const nx = edges[e + 4] * edges[e + 8] - edges[e + 5] * edges[e + 7];
  const ny = edges[e + 5] * edges[e + 6] - edges[e + 3] * edges[e + 8];
  const nz = edges[e + 3] * edges[e + 7] - edges[e + 4] * edges[e + 6];
  let dx = ray[3];
  let dy = ray[4];
  let dz = ray[5];
  if (mover >= 0) {
    const p = scene.poses;
    const at = mover * 16;
    dx = p[at] * ray[3] + p[at + 1] * ray[4] + p[at + 2] * ray[5];
    dy = p[at + 4] * ray[3] + p[at + 5] * ray[4] + p[at + 6] * ray[5];
    dz = p[at + 8] * ray[3] + p[at + 9] * ray[4] + p[at + 10] * ray[5];
  }
  return Math.abs(nx * dx + ny * dy + nz * dz) / (Math.hypot(nx, ny, nz) || 1);
};

/** Probability that a return is too weak to be noticed: dark surfaces, flat angles, and the last third of the range. */
const weakness = (returned: number, range: number, farthest: number): number => {
  const x = range / farthest;
  return Math.min(1, Math.max(0, (x * x * 0.09) / Math.max(0.01, returned) - 0.06));
};
