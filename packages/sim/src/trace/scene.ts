import type { Bvh } from './bvh.js';
import type { Hit, Ray } from './intersect.js';
import { createHit, intersectBvh } from './intersect.js';

/** Writes `globalFromObject` (4x4, column-major) at a time (seconds of the scene) into `out`. */
export type PoseAt = (time: number, out: Float64Array) => void;

/** One moving object: its own hierarchy in its own frame, and where it is when. */
export interface Mover {
  /** Its postures (a walker's stride), each made when a ray first comes near it. */
  readonly postures: readonly (() => Bvh)[];
  /** Which posture it has at a time; left out: the first. */
  readonly postureAt?: (time: number) => number;
  readonly poseAt: PoseAt;
}

/** A two-level scene: one static hierarchy, and rigid objects whose rays are moved into their frames. */
export interface TraceScene {
  readonly world: Bvh;
  readonly movers: readonly Mover[];
  /** [movers*16] current `globalFromObject`. */
  readonly poses: Float64Array;
  /** [movers*4] current bounding sphere: centre, squared radius. */
  readonly spheres: Float64Array;
  /** [movers] current posture. */
  readonly postures: Int32Array;
}

/** The hierarchy that a hit names: of the static world (-1) or of a mover's current posture. */
export const bvhOf = (scene: TraceScene, mover: number): Bvh =>
  mover < 0 ? scene.world : scene.movers[mover].postures[scene.postures[mover]]();

export const createTraceScene = (world: Bvh, movers: readonly Mover[]): TraceScene => ({
  world,
  movers,
  poses: new Float64Array(movers.length * 16),
  spheres: new Float64Array(movers.length * 4),
  postures: new Int32Array(movers.length),
});

/** Moves everything that moves to where it is at a time (seconds of the scene). */
export const moveTo = (scene: TraceScene, time: number): void => {
  for (let m = 0; m < scene.movers.length; m++) {
    const mover = scene.movers[m];
    const pose = scene.poses.subarray(m * 16, m * 16 + 16);
    mover.poseAt(time, pose);
    scene.postures[m] = mover.postureAt?.(time) ?? 0;
    const { center, radius } = mover.postures[0]();
    const [x, y, z] = center;
    for (let row = 0; row < 3; row++) {
      scene.spheres[m * 4 + row] = pose[row] * x + pose[4 + row] * y + pose[8 + row] * z + pose[12 + row];
    }
    // Postures differ by a swinging arm or leg.
    scene.spheres[m * 4 + 3] = (mover.postures.length > 1 ? radius + 0.4 : radius) ** 2;
  }
};

const local: Ray = new Float64Array(8);
const candidate: Hit = createHit();

/**
 * Traces a ray through the scene as last moved by {@link moveTo}. Returns whether it hit; `hit` then says what and where, and
 * `ray[7]` is the distance. With `any`, the first hit found is as good as the nearest (shadow rays).
 */
export const traceRay = (scene: TraceScene, ray: Ray, hit: Hit, any: boolean): boolean => {
  let found = false;
  hit[0] = Number.POSITIVE_INFINITY;
  if (intersectBvh(scene.world, ray, hit, any)) {
    hit[2] = -1;
    if (any) return true;
    found = true;
  }
  const { spheres, poses, movers } = scene;
  for (let m = 0; m < movers.length; m++) {
    const cx = spheres[m * 4] - ray[0];
    const cy = spheres[m * 4 + 1] - ray[1];
    const cz = spheres[m * 4 + 2] - ray[2];
    const along = cx * ray[3] + cy * ray[4] + cz * ray[5];
    const square = cx * cx + cy * cy + cz * cz;
    const miss = square - along * along;
    const radiusSquare = spheres[m * 4 + 3];
    if (miss > radiusSquare || (along < 0 && square > radiusSquare)) continue;
    toObject(poses, m * 16, ray);
    if (intersectBvh(bvhOf(scene, m), local, candidate, any)) {
      hit[0] = candidate[0];
      hit[1] = candidate[1];
      hit[2] = m;
      hit[3] = candidate[3];
      hit[4] = candidate[4];
      ray[7] = candidate[0];
      if (any) return true;
      found = true;
    }
  }
  return found;
};

/** The ray in a mover's frame (the rotation's inverse is its transpose), into `local`. */
const toObject = (poses: Float64Array, at: number, ray: Ray): void => {
  const x = ray[0] - poses[at + 12];
  const y = ray[1] - poses[at + 13];
  const z = ray[2] - poses[at + 14];
  for (let row = 0; row < 3; row++) {
    const a = poses[at + row * 4];
    const b = poses[at + row * 4 + 1];
    const c = poses[at + row * 4 + 2];
    local[row] = a * x + b * y + c * z;
    local[row + 3] = a * ray[3] + b * ray[4] + c * ray[5];
  }
  local[6] = ray[6];
  local[7] = ray[7];
};
