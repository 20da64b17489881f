import { materialId } from '../materials.js';
import type { Bvh } from './bvh.js';
import { hash3 } from './noise.js';

/** [8] origin x, y, z, unit direction x, y, z, nearest and farthest distance that counts (metres). */
export type Ray = Float64Array;

/** [5] distance (Infinity: nothing), triangle, mover (-1: the static world), barycentric u, v. */
export type Hit = Float64Array;

export const createRay = (): Ray => new Float64Array(8);
export const createHit = (): Hit => new Float64Array([Number.POSITIVE_INFINITY, -1, -1, 0, 0]);

const { floor } = Math;
const stack = new Int32Array(128);
const entry = new Float64Array(128);
const foliage = materialId.foliage;

/** Leaves per metre, and the part of a crown's shell that is leaf rather than gap. */
const beyond = Number.POSITIVE_INFINITY;
const leafScale = 7;
const leafCover = 0.72;

/**
 * Whether a crown has a leaf at this point of its own space. Evaluated for light, camera and LiDAR alike, so that all see the same holes.
 */
const isLeaf = (x: number, y: number, z: number): boolean =>
  hash3(floor(x * leafScale), floor(y * leafScale), floor(z * leafScale)) < leafCover;

/**
 * Nearest hit of a ray with one mesh (Moeller-Trumbore, both sides), written to `hit` if it is nearer than `ray[7]`,
 * which it then shortens. With `any` it stops at the first hit found. Returns whether it hit.
 */
export const intersectBvh = (bvh: Bvh, ray: Ray, hit: Hit, any: boolean): boolean => {
  const { bounds, links, edges } = bvh;
  const material = bvh.mesh.material;
  const ox = ray[0];
  const oy = ray[1];
  const oz = ray[2];
  const dx = ray[3];
  const dy = ray[4];
  const dz = ray[5];
  const near = ray[6];
  let far = ray[7];
  const ix = 1 / dx;
  const iy = 1 / dy;
  const iz = 1 / dz;
  const nearX = ix < 0 ? 3 : 0;
  const nearY = iy < 0 ? 4 : 1;
  const nearZ = iz < 0 ? 5 : 2;
  let found = false;
  let top = 0;
  let node = 0;
  let nodeEntry = boxEntry(bounds, 0, nearX, nearY, nearZ, ox, oy, oz, ix, iy, iz, far);
  for (;;) {
    if (nodeEntry <= far) {
      const count = links[node * 2 + 1];
      if (count === 0) {
        let first = node + 1;
        let second = links[node * 2];
        let firstEntry = boxEntry(bounds, first * 6, nearX, nearY, nearZ, ox, oy, oz, ix, iy, iz, far);
        let secondEntry = boxEntry(bounds, second * 6, nearX, nearY, nearZ, ox, oy, oz, ix, iy, iz, far);
        if (secondEntry < firstEntry) {
          const swap = first;
          first = second;
          second = swap;
          const swapEntry = firstEntry;
          firstEntry = secondEntry;
          secondEntry = swapEntry;
        }
        if (secondEntry <= far) {
          stack[top] = second;
          entry[top++] = secondEntry;
        }
        node = first;
        nodeEntry = firstEntry;
        if (firstEntry <= far) continue;
      } else {
        const start = links[node * 2];
        for (let triangle = start; triangle < start + count; triangle++) {
          const e = triangle * 9;
          const ax = edges[e + 3];
          const ay = edges[e + 4];
          const az = edges[e + 5];
          const bx = edges[e + 6];
          const by = edges[e + 7];
          const bz = edges[e + 8];
          const px = dy * bz - dz * by;
          const py = dz * bx - dx * bz;
          const pz = dx * by - dy * bx;
          const determinant = ax * px + ay * py + az * pz;
          if (determinant > -1e-12 && determinant < 1e-12) continue;
          const inverse = 1 / determinant;
          const tx = ox - edges[e];
          const ty = oy - edges[e + 1];
          const tz = oz - edges[e + 2];
          const u = (tx * px + ty * py + tz * pz) * inverse;
          if (u < 0 || u > 1) continue;
          const qx = ty * az - tz * ay;
          const qy = tz * ax - tx * az;
          const qz = tx * ay - ty * ax;
          const v = (dx * qx + dy * qy + dz * qz) * inverse;
          if (v < 0 || u + v > 1) continue;
          const t = (bx * qx + by * qy + bz * qz) * inverse;
          if (t <= near || t >= far) continue;
          if (material[triangle] === foliage && !isLeaf(ox + t * dx, oy + t * dy, oz + t * dz)) continue;
          far = t;
          hit[0] = t;
          hit[1] = triangle;
          hit[3] = u;
          hit[4] = v;
          found = true;
          if (any) return true;
        }
      }
    }
    if (top === 0) break;
    node = stack[--top];
    nodeEntry = entry[top];
  }
  if (found) ray[7] = far;
  return found;
};

/**
 * Distance at which the ray enters the box, or Infinity where it misses it or enters beyond `far`. `nearX`, `nearY` and `nearZ` say which of
 * the six bounds the ray meets first on each axis.
 */
const boxEntry = (
  bounds: Float32Array,
  at: number,
  nearX: number,
  nearY: number,
  nearZ: number,
  ox: number,
  oy: number,
  oz: number,
  ix: number,
  iy: number,
  iz: number,
  far: number,
): number => {
  let enter = (bounds[at + nearX] - ox) * ix;
  let leave = (bounds[at + 3 - nearX] - ox) * ix;
  const enterY = (bounds[at + nearY] - oy) * iy;
  const leaveY = (bounds[at + 5 - nearY] - oy) * iy;
  const enterZ = (bounds[at + nearZ] - oz) * iz;
  const leaveZ = (bounds[at + 7 - nearZ] - oz) * iz;
  if (enterY > enter) enter = enterY;
  if (leaveY < leave) leave = leaveY;
  if (enterZ > enter) enter = enterZ;
  if (leaveZ < leave) leave = leaveZ;
  return leave >= enter && leave >= 0 && enter <= far ? enter : beyond;
};
