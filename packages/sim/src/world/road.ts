import { Matrix4 } from 'three';

/** A smooth change of the road along its length: of heading (radians) or of height (metres). */
export interface Ramp {
  readonly start: number;
  readonly length: number;
  readonly amount: number;
}

/** A road's centre line; everything beside it is placed by (s, d): metres along it, and metres to its left. */
export interface Road {
  readonly begin: number;
  readonly end: number;
  /** Radians, counter-clockwise from global x. */
  headingAt(s: number): number;
  heightAt(s: number): number;
  /** Slope dz/ds. */
  slopeAt(s: number): number;
  /** Global x, y of (s, d), written to `out`. */
  pointAt(s: number, d: number, out: { x: number; y: number }): void;
}

interface RoadShape {
  readonly begin: number;
  readonly end: number;
  readonly origin?: readonly [x: number, y: number];
  readonly heading?: number;
  readonly height?: number;
  readonly bends?: readonly Ramp[];
  readonly rises?: readonly Ramp[];
}

const step = 0.5;

const smooth = (x: number): number => (x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x));
const sum = (ramps: readonly Ramp[], s: number): number =>
  ramps.reduce((total, ramp) => total + ramp.amount * smooth((s - ramp.start) / ramp.length), 0);

/** Integrates the heading into a centre line. s = 0 lies at `origin`. */
export const createRoad = (shape: RoadShape): Road => {
  const { begin, end, origin = [0, 0], heading = 0, height = 0, bends = [], rises = [] } = shape;
  const headingAt = (s: number): number => heading + sum(bends, s) - sum(bends, 0);
  const heightAt = (s: number): number => height + sum(rises, s) - sum(rises, 0);
  const first = Math.floor(begin / step) - 1;
  const count = Math.ceil(end / step) + 2 - first;
  const xs = new Float64Array(count);
  const ys = new Float64Array(count);
  for (let i = 1; i < count; i++) {
    const middle = headingAt((first + i - 0.5) * step);
    xs[i] = xs[i - 1] + Math.cos(middle) * step;
    ys[i] = ys[i - 1] + Math.sin(middle) * step;
  }
  const x0 = xs[-first] - origin[0];
  const y0 = ys[-first] - origin[1];
  return {
    begin,
    end,
    headingAt,
    heightAt,
    slopeAt: (s) => (heightAt(s + 0.5) - heightAt(s - 0.5)) / 1,
    pointAt: (s, d, out) => {
      const position = s / step - first;
      const i = Math.max(0, Math.min(count - 2, Math.floor(position)));
      const f = position - i;
      const h = headingAt(s);
      out.x = xs[i] + (xs[i + 1] - xs[i]) * f - x0 - d * Math.sin(h);
      out.y = ys[i] + (ys[i + 1] - ys[i]) * f - y0 + d * Math.cos(h);
    },
  };
};

const scratch = { x: 0, y: 0 };

/**
 * The pose of something at (s, d), `z` above the road's centre line there, turned by `yaw` from the road's direction; it pitches with
 * the road where `upright` is false. Written column-major to `out` (a Float64Array [16] or an array).
 */
export const placeOnRoad = (
  road: Road,
  s: number,
  d: number,
  z: number,
  yaw: number,
  upright: boolean,
  out: Float64Array,
): Float64Array => {
  road.pointAt(s, d, scratch);
  const heading = road.headingAt(s) + yaw;
  const slope = upright ? 0 : road.slopeAt(s) * Math.cos(yaw);
  const flat = 1 / Math.hypot(1, slope);
  const c = Math.cos(heading);
  const n = Math.sin(heading);
  out[0] = c * flat;
  out[1] = n * flat;
  out[2] = slope * flat;
  out[3] = 0;
  out[4] = -n;
  out[5] = c;
  out[6] = 0;
  out[7] = 0;
  out[8] = -c * slope * flat;
  out[9] = -n * slope * flat;
  out[10] = flat;
  out[11] = 0;
  out[12] = scratch.x;
  out[13] = scratch.y;
  out[14] = road.heightAt(s) + z;
  out[15] = 1;
  return out;
};

/** {@link placeOnRoad} as a three.js matrix, upright. */
export const matrixOnRoad = (road: Road, s: number, d: number, z: number, yaw = 0, upright = true): Matrix4 =>
  new Matrix4().fromArray(placeOnRoad(road, s, d, z, yaw, upright, new Float64Array(16)));
