import { glossOf, glowByNightOf, glowOf, materialId, soaksOf } from '../materials.js';
import { semanticId } from '../semantics.js';
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
  readonly cloudColor: readonly [number, number, number];
  /** Metres at which haze takes half of the light. */
  readonly haze: number;
  /** 0 off .. 1 on: street lamps, vehicles' lamps, lit windows. */
  readonly lamps: number;
  /** 0 dry .. 1 wet ground. */
  readonly wetness: number;
  /** Standard deviation of the sensor's noise in a dark picture, linear. */
  readonly noise: number;
}

/** Lamps that light up what is near them, gathered for one picture. */
export interface Lamps {
  /** [L*3] metres, global. */
  readonly positions: Float64Array;
  /** The measuring car's headlights: where they are and where they point. */
  readonly headlight: readonly [number, number, number, number, number, number];
}

const noLamps: Lamps = { positions: new Float64Array(0), headlight: [0, 0, 0, 0, 0, 0] };

const shadowRay = createRay();
const shadowHit = createHit();
const normal = new Float64Array(3);
const point = new Float64Array(3);
const tint = new Float64Array(3);
const mirror = new Float64Array(3);
const foliage = materialId.foliage;
const glassId = materialId.glass;
const building = semanticId.building;

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
    for (let k = 0; k < 3; k++) out[k] += (light.cloudColor[k] - out[k]) * cover * 0.85;
  }
  const glow = dx * light.sun[0] + dy * light.sun[1] + dz * light.sun[2];
  if (glow > 0.9) {
    const strength = ((glow - 0.9) * 10) ** 6 * 0.8 * (1 - light.clouds);
    for (let k = 0; k < 3; k++) out[k] += strength * light.sunColor[k];
  }
};

/** Radiance that a hit sends back along the ray, linear RGB, into `out`. */
export const shade = (
  scene: TraceScene,
  light: Light,
  ray: Ray,
  hit: Hit,
  out: Float64Array,
  lamps: Lamps = noLamps,
): void => {
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
  if (light.sunColor[0] < 0.02) sunlight = 0;
  else if (sunlight > 0 && inShadow(scene, light)) sunlight *= material === foliage ? 0.35 : 0;
  const wet = light.wetness * soaksOf[material];
  if (wet > 0) for (let k = 0; k < 3; k++) tint[k] *= 1 - 0.5 * wet;
  const above = 0.5 + 0.5 * normal[2];
  for (let k = 0; k < 3; k++) {
    const ambient = light.bounceColor[k] + (light.skyColor[k] - light.bounceColor[k]) * above;
    out[k] = tint[k] * (ambient + Math.max(0, sunlight) * light.sunColor[k]);
  }
  if (light.lamps > 0) byLamps(light, lamps, out);
  const glow = glowOf[material] + light.lamps * glowAt(bvh, triangle, material);
  if (glow > 0)
    for (let k = 0; k < 3; k++) out[k] += glow * (material === glassId ? windowLight[k] : tint[k]);
  // Puddles and wet asphalt mirror what faces up.
  const gloss = glossOf[material] + (wet > 0 && normal[2] > 0.7 ? 0.5 * wet : 0);
  if (gloss > 0) reflect(light, ray, gloss, sunlight, out);
  const haze = 1 - 0.5 ** (hit[0] / light.haze);
  for (let k = 0; k < 3; k++) out[k] += (light.horizon[k] - out[k]) * haze;
};

const windowLight = [0.95, 0.72, 0.4];

/** How much a surface shines by itself while lamps are on: lamps, and the windows of some storeys. */
const glowAt = (bvh: Bvh, triangle: number, material: number): number => {
  if (material !== glassId) return glowByNightOf[material];
  if (bvh.mesh.semantic[triangle] !== building) return 0;
  const lit = hash3(bvh.mesh.object[triangle], Math.floor((point[2] - 0.4) / 3), 11);
  return lit > 0.6 ? 0.75 * lit : 0;
};

const lampColor = [1, 0.8, 0.55];
/** Square metres: the light at one metre. */
const lampStrength = 40;
const headStrength = 150;

/** Adds the light of street lamps and of the car's own headlights, without shadows. */
const byLamps = (light: Light, { positions, headlight }: Lamps, out: Float64Array): void => {
  let warm = 0;
  for (let i = 0; i < positions.length; i += 3) {
    const x = positions[i] - point[0];
    const y = positions[i + 1] - point[1];
    const z = positions[i + 2] - point[2];
    const square = x * x + y * y + z * z;
    if (square > 1600 || z < 0) continue;
    const facing = (x * normal[0] + y * normal[1] + z * normal[2]) / Math.sqrt(square);
    warm += (lampStrength * (0.15 + Math.max(0, facing))) / (square + 6);
  }
  const x = point[0] - headlight[0];
  const y = point[1] - headlight[1];
  const z = point[2] - headlight[2];
  const square = x * x + y * y + z * z;
  const distance = Math.sqrt(square) || 1;
  const axial = (x * headlight[3] + y * headlight[4] + z * headlight[5]) / distance;
  let white = 0;
  if (axial > 0.8) {
    // Dipped: the upper half of the beam is cut off.
    const rise = z / distance - 0.01;
    const beam = ((axial - 0.8) / 0.2) ** 2 * (rise > 0 ? Math.exp(-rise * 30) * 0.5 : 1);
    const facing = -(x * normal[0] + y * normal[1] + z * normal[2]) / distance;
    white = (headStrength * beam * (0.1 + Math.max(0, facing))) / (square + 12);
  }
  for (let k = 0; k < 3; k++) out[k] += light.lamps * tint[k] * (warm * lampColor[k] + white);
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

const encode = (v: number): number => {
  const mapped = (v * (1 + v / 6)) / (1 + v * 0.75);
  const srgb = mapped <= 0.0031308 ? mapped * 12.92 : 1.055 * Math.min(1, mapped) ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, srgb));
};

/** Fine enough that no byte is off by more than one where the curve is steepest; the shoulder ends below 6. */
const table = Uint8Array.from({ length: 6 * 4096 }, (_, i) => encode((i + 0.5) / 4096));

/** Linear radiance to an sRGB byte, with a soft shoulder at the bright end. */
export const encodeSrgb = (radiance: number): number =>
  radiance <= 0 ? 0 : table[Math.min(table.length - 1, Math.floor(radiance * 4096))];
