import { glossOf, glowOf, materialId } from '../materials.js';
import type { Bvh } from '../trace/bvh.js';
import { createHit, createRay, type Hit, type Ray } from '../trace/intersect.js';
import { hash3, noise3 } from '../trace/noise.js';
import { bvhOf, type TraceScene, traceRay } from '../trace/scene.js';
import { textureTint } from './texture.js';

/** The sun and the sky of a scene. */
export interface Light {
  /** Unit vector towards the sun. */
  readonly sun: readonly [number, number, number];
  /** Linear RGB irradiance of the sun, of the sky from above, and of light from below. */
  readonly sunColor: readonly [number, number, number];
  readonly skyColor: readonly [number, number, number];
  readonly bounceColor: readonly [number, number, number];
  readonly zenith: readonly [number, number, number];
  readonly horizon: readonly [number, number, number];
  /** 0 clear .. 1 overcast. */
  readonly clouds: number;
  /** Metres at which haze takes half of the light. */
  readonly haze: number;
}

const shadowRay = createRay();
const shadowHit = createHit();
const normal = new Float64Array(3);
const point = new Float64Array(3);
const tint = new Float64Array(3);
const mirror = new Float64Array(3);
const foliage = materialId.foliage;

/** Radiance of the sky in a direction, linear RGB, into `out`. */
export const shadeSky = (light: Light, dx: number, dy: number, dz: number, out: Float64Array): void => {
  const up = Math.max(0, dz);
  const blend = 1 - (1 - up) ** 3;
  for (let k = 0; k < 3; k++) out[k] = light.horizon[k] + (light.zenith[k] - light.horizon[k]) * blend;
  if (dz > 0.02) {
    const scale = 3 / (dz + 0.15);
    const x = dx * scale;
    const y = dy * scale;
    const density =
      0.6 * noise3(x, y, 7.3) + 0.3 * noise3(x * 2.3, y * 2.3, 1.1) + 0.1 * noise3(x * 5, y * 5, 4.2);
    const cover = Math.min(1, Math.max(0, (density - 0.62 + 0.4 * light.clouds) * 3)) * Math.min(1, dz * 6);
    for (let k = 0; k < 3; k++) out[k] += (0.92 - out[k]) * cover * 0.85;
  }
  const glow = dx * light.sun[0] + dy * light.sun[1] + dz * light.sun[2];
  if (glow > 0.9) {
    const strength = ((glow - 0.9) * 10) ** 6 * 0.8 * (1 - light.clouds);
    for (let k = 0; k < 3; k++) out[k] += strength * light.sunColor[k];
  }
};

/** Radiance that a hit sends back along the ray, linear RGB, into `out`. */
export const shade = (scene: TraceScene, light: Light, ray: Ray, hit: Hit, out: Float64Array): void => {
  const mover = hit[2];
  const bvh = bvhOf(scene, mover);
  const triangle = hit[1];
  const material = bvh.mesh.material[triangle];
  for (let k = 0; k < 3; k++) point[k] = ray[k] + hit[0] * ray[k + 3];
  cornerNormal(bvh, triangle, hit[3], hit[4]);
  textureAt(scene, bvh, mover, triangle, material);
  if (material === foliage) ruffle();
  if (mover >= 0) turn(scene.poses, mover * 16, normal);
  // Surfaces are two-sided: the normal looks at the viewer.
  if (normal[0] * ray[3] + normal[1] * ray[4] + normal[2] * ray[5] > 0) {
    for (let k = 0; k < 3; k++) normal[k] = -normal[k];
  }
  let sunlight = normal[0] * light.sun[0] + normal[1] * light.sun[1] + normal[2] * light.sun[2];
  // Leaves let light through and stand at all angles.
  if (material === foliage) sunlight = 0.2 + 0.65 * Math.max(0, sunlight);
  if (sunlight > 0 && inShadow(scene, light)) sunlight *= material === foliage ? 0.35 : 0;
  const above = 0.5 + 0.5 * normal[2];
  for (let k = 0; k < 3; k++) {
    const ambient = light.bounceColor[k] + (light.skyColor[k] - light.bounceColor[k]) * above;
    out[k] = tint[k] * (ambient + Math.max(0, sunlight) * light.sunColor[k]);
  }
  const glow = glowOf[material];
  if (glow > 0) for (let k = 0; k < 3; k++) out[k] += glow * tint[k];
  const gloss = glossOf[material];
  if (gloss > 0) reflect(light, ray, gloss, sunlight, out);
  const haze = 1 - 0.5 ** (hit[0] / light.haze);
  for (let k = 0; k < 3; k++) out[k] += (light.horizon[k] - out[k]) * haze;
};

/** Interpolated corner normal, into `normal`. */
const cornerNormal = (bvh: Bvh, triangle: number, u: number, v: number): void => {
  const n = bvh.mesh.normals;
  const at = triangle * 9;
  const w = 1 - u - v;
  for (let k = 0; k < 3; k++) normal[k] = w * n[at + k] + u * n[at + 3 + k] + v * n[at + 6 + k];
  const length = Math.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2) || 1;
  for (let k = 0; k < 3; k++) normal[k] /= length;
};

/** The surface's colour at the hit, into `tint`. Textures stick to their object. */
const textureAt = (scene: TraceScene, bvh: Bvh, mover: number, triangle: number, material: number): void => {
  let x = point[0];
  let y = point[1];
  let z = point[2];
  if (mover >= 0) {
    const p = scene.poses;
    const at = mover * 16;
    const gx = x - p[at + 12];
    const gy = y - p[at + 13];
    const gz = z - p[at + 14];
    x = p[at] * gx + p[at + 1] * gy + p[at + 2] * gz;
    y = p[at + 4] * gx + p[at + 5] * gy + p[at + 6] * gz;
    z = p[at + 8] * gx + p[at + 9] * gy + p[at + 10] * gz;
  }
  const c = bvh.mesh.colors;
  for (let k = 0; k < 3; k++) tint[k] = c[triangle * 3 + k];
  textureTint(material, x, y, z, normal, tint);
};

/** Turns the normal of a crown this way and that, as leaves do. */
const ruffle = (): void => {
  const x = Math.floor(point[0] * 9);
  const y = Math.floor(point[1] * 9);
  const z = Math.floor(point[2] * 9);
  normal[0] += hash3(x, y, z) - 0.5;
  normal[1] += hash3(y, z, x) - 0.5;
  normal[2] += hash3(z, x, y) - 0.5;
  const length = Math.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2) || 1;
  for (let k = 0; k < 3; k++) normal[k] /= length;
};

/** Rotates a direction by a mover's pose, in place. */
const turn = (poses: Float64Array, at: number, v: Float64Array): void => {
  const x = poses[at] * v[0] + poses[at + 4] * v[1] + poses[at + 8] * v[2];
  const y = poses[at + 1] * v[0] + poses[at + 5] * v[1] + poses[at + 9] * v[2];
  const z = poses[at + 2] * v[0] + poses[at + 6] * v[1] + poses[at + 10] * v[2];
  v[0] = x;
  v[1] = y;
  v[2] = z;
};

const inShadow = (scene: TraceScene, light: Light): boolean => {
  for (let k = 0; k < 3; k++) {
    shadowRay[k] = point[k] + normal[k] * 0.01;
    shadowRay[k + 3] = light.sun[k];
  }
  shadowRay[6] = 0.01;
  shadowRay[7] = 150;
  return traceRay(scene, shadowRay, shadowHit, true);
};

/** Adds the sky's and the sun's mirror image (Schlick's Fresnel term). */
const reflect = (light: Light, ray: Ray, gloss: number, sunlight: number, out: Float64Array): void => {
  const cosine = -(normal[0] * ray[3] + normal[1] * ray[4] + normal[2] * ray[5]);
  const strength = gloss * (0.25 + 0.75 * (1 - Math.max(0, cosine)) ** 4);
  const rx = ray[3] + 2 * cosine * normal[0];
  const ry = ray[4] + 2 * cosine * normal[1];
  const rz = ray[5] + 2 * cosine * normal[2];
  // Below the horizon it mirrors the ground.
  if (rz > -0.02) shadeSky(light, rx, ry, Math.max(0, rz), mirror);
  else for (let k = 0; k < 3; k++) mirror[k] = light.bounceColor[k] * 0.6;
  const highlight =
    sunlight > 0 ? Math.max(0, rx * light.sun[0] + ry * light.sun[1] + rz * light.sun[2]) ** 60 : 0;
  for (let k = 0; k < 3; k++)
    out[k] += (mirror[k] - out[k]) * strength + highlight * gloss * light.sunColor[k];
};

/** Linear radiance to an sRGB byte, with a soft shoulder at the bright end. */
export const encodeSrgb = (radiance: number): number => {
  const v = Math.max(0, radiance);
  const mapped = (v * (1 + v / 6)) / (1 + v * 0.75);
  const srgb = mapped <= 0.0031308 ? mapped * 12.92 : 1.055 * Math.min(1, mapped) ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, srgb));
};
