import { type Image, image, type PinholeCamera, type Pose } from '@nerfseg/geometry';
import { createHit, createRay } from '../trace/intersect.js';
import { bvhOf, moveTo, type TraceScene, traceRay } from '../trace/scene.js';
import { addNoise, addRain } from './picture-weather.js';
import { encodeSrgb, type Lamps, type Light, shade, shadeSky } from './shade.js';

/** What each pixel truly shows: row by row, [height*width] each. */
export interface PixelTruth {
  readonly width: number;
  readonly height: number;
  /** Semantic ids (`semanticNames`); 0 = sky. */
  readonly semantic: Uint8Array;
  /** Metres along the optical axis; Infinity for sky. */
  readonly depth: Float32Array;
  /** Which object; 0 = ground and scenery. */
  readonly object: Uint16Array;
}

export interface Picture {
  readonly image: Image;
  readonly truth: PixelTruth;
}

export interface CameraShot {
  readonly camera: PinholeCamera;
  readonly globalFromCamera: Pose;
  /** Seconds of the scene: everything stands where it is at this moment (a global shutter). */
  readonly time: number;
  /** Extra rays for pixels at edges: 0 or 4. */
  readonly supersampling: number;
  /** 0 none .. 1 a downpour. */
  readonly rain?: number;
  readonly lamps?: Lamps;
}

const far = 600;
const ray = createRay();
const hit = createHit();
const color = new Float64Array(3);

/** Ray traces one picture and its truth. Truth is that of the pixel's centre. */
export const takePicture = (scene: TraceScene, light: Light, shot: CameraShot): Picture => {
  const { width, height } = shot.camera;
  const pixels = width * height;
  const linear = new Float32Array(pixels * 3);
  const truth: PixelTruth = {
    width,
    height,
    semantic: new Uint8Array(pixels),
    depth: new Float32Array(pixels).fill(Number.POSITIVE_INFINITY),
    object: new Uint16Array(pixels),
  };
  // Surfaces facing differently are an edge too, though of one object.
  const facing = new Int32Array(pixels);
  moveTo(scene, shot.time);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const axial = aim(shot, column + 0.5, row + 0.5);
      if (traceRay(scene, ray, hit, false)) {
        const mesh = bvhOf(scene, hit[2]).mesh;
        truth.semantic[at] = mesh.semantic[hit[1]];
        truth.object[at] = mesh.object[hit[1]];
        truth.depth[at] = hit[0] * axial;
        facing[at] = mesh.material[hit[1]] + 64 * truth.semantic[at] + 8192 * truth.object[at];
        shade(scene, light, ray, hit, color, shot.lamps);
      } else shadeSky(light, ray[3], ray[4], ray[5], color);
      for (let k = 0; k < 3; k++) linear[at * 3 + k] = color[k];
    }
  }
  if (shot.supersampling > 0) smoothEdges(scene, light, shot, facing, linear);
  if (shot.rain) addRain(linear, width, height, shot.rain, shot.time, light);
  if (light.noise > 0) addNoise(linear, light.noise, shot.time);
  const bytes = new Uint8Array(pixels * 3);
  for (let i = 0; i < bytes.length; i++) bytes[i] = encodeSrgb(linear[i]);
  return { image: image(width, height, bytes), truth };
};

/** Points `ray` through (u, v); returns the cosine to the optical axis. */
const aim = (shot: CameraShot, u: number, v: number): number => {
  const k = shot.camera.intrinsics;
  const p = shot.globalFromCamera;
  const x = (u - k[2]) / k[0];
  const y = (v - k[5]) / k[4];
  const scale = 1 / Math.sqrt(x * x + y * y + 1);
  ray[0] = p[12];
  ray[1] = p[13];
  ray[2] = p[14];
  ray[3] = (p[0] * x + p[4] * y + p[8]) * scale;
  ray[4] = (p[1] * x + p[5] * y + p[9]) * scale;
  ray[5] = (p[2] * x + p[6] * y + p[10]) * scale;
  ray[6] = 0.05;
  ray[7] = far;
  return scale;
};

const offsets = [-0.22, -0.34, 0.34, -0.22, 0.22, 0.34, -0.34, 0.22];

/** Averages four more rays into every pixel whose neighbour shows something else. */
const smoothEdges = (
  scene: TraceScene,
  light: Light,
  shot: CameraShot,
  facing: Int32Array,
  linear: Float32Array,
): void => {
  const { width, height } = shot.camera;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const own = facing[at];
      const edge =
        (column > 0 && facing[at - 1] !== own) ||
        (column + 1 < width && facing[at + 1] !== own) ||
        (row > 0 && facing[at - width] !== own) ||
        (row + 1 < height && facing[at + width] !== own);
      if (!edge) continue;
      for (let k = 0; k < 3; k++) linear[at * 3 + k] *= 0.2;
      for (let sample = 0; sample < 8; sample += 2) {
        aim(shot, column + 0.5 + offsets[sample], row + 0.5 + offsets[sample + 1]);
        if (traceRay(scene, ray, hit, false)) shade(scene, light, ray, hit, color, shot.lamps);
        else shadeSky(light, ray[3], ray[4], ray[5], color);
        for (let k = 0; k < 3; k++) linear[at * 3 + k] += color[k] * 0.2;
      }
    }
  }
};
