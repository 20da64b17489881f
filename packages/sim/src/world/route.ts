import { placeOnRoad, type Road } from './road.js';

/** A way to go: `place` writes the pose `u` metres along it (4x4, column-major). */
export interface Route {
  place(u: number, out: Float64Array): Float64Array;
  /**
   * The files that it passes through, in order: between two places along it, who is on it shares file `name` with others, where its place is
   * u + offset.
   */
  readonly files: readonly { readonly name: string; from: number; to: number; readonly offset: number }[];
}

interface Along {
  readonly road: Road;
  /** The file's name; all that go there share its coordinates: s times the direction. */
  readonly name: string;
  /** +1 along the road, -1 against it. */
  readonly direction: number;
  readonly d: number;
  /** Metres above the road. */
  readonly height: (s: number) => number;
  readonly upright: boolean;
}

/** Along a road at one distance from its middle; u is s times the direction. */
export const along = ({ road, name, direction, d, height, upright }: Along): Route => ({
  files: [{ name, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, offset: 0 }],
  place: (u, out) => {
    const s = u * direction;
    return placeOnRoad(road, s, d, height(s), direction > 0 ? 0 : Math.PI, upright, out);
  },
});

/** From one route at `from` by a smooth curve into another at `to`. */
export const turning = (before: Route, from: number, after: Route, to: number): Route => {
  const a = before.place(from, new Float64Array(16));
  const b = after.place(to, new Float64Array(16));
  const reach = Math.hypot(b[12] - a[12], b[13] - a[13]) * 0.4;
  const points = 32;
  const xs = new Float64Array(points + 1);
  const ys = new Float64Array(points + 1);
  const lengths = new Float64Array(points + 1);
  for (let i = 0; i <= points; i++) {
    const t = i / points;
    const [w0, w1, w2, w3] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
    xs[i] = w0 * a[12] + w1 * (a[12] + reach * a[0]) + w2 * (b[12] - reach * b[0]) + w3 * b[12];
    ys[i] = w0 * a[13] + w1 * (a[13] + reach * a[1]) + w2 * (b[13] - reach * b[1]) + w3 * b[13];
    if (i > 0) lengths[i] = lengths[i - 1] + Math.hypot(xs[i] - xs[i - 1], ys[i] - ys[i - 1]);
  }
  const length = lengths[points];
  const shift = to - from - length;
  const curve = (along: number, out: Float64Array): Float64Array => {
    let i = 0;
    while (i + 1 < points && lengths[i + 1] < along) i++;
    const f = (along - lengths[i]) / (lengths[i + 1] - lengths[i]);
    const t = (i + f) / points;
    // The curve's own direction, so that the heading is smooth where the points are not.
    const [w1, w2, w3] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
    const dx = w1 * a[0] * reach + w2 * (b[12] - reach * b[0] - a[12] - reach * a[0]) + w3 * b[0] * reach;
    const dy = w1 * a[1] * reach + w2 * (b[13] - reach * b[1] - a[13] - reach * a[1]) + w3 * b[1] * reach;
    const scale = 1 / Math.hypot(dx, dy);
    out.fill(0);
    out[0] = dx * scale;
    out[1] = dy * scale;
    out[4] = -out[1];
    out[5] = out[0];
    out[10] = 1;
    out[12] = xs[i] + (xs[i + 1] - xs[i]) * f;
    out[13] = ys[i] + (ys[i + 1] - ys[i]) * f;
    out[14] = a[14] + ((b[14] - a[14]) * along) / length;
    out[15] = 1;
    return out;
  };
  return {
    files: [
      ...before.files.map((file) => ({ ...file, to: from })),
      ...after.files.map((file) => ({ ...file, from: from + length, offset: file.offset + shift })),
    ],
    place: (u, out) => {
      if (u <= from) return before.place(u, out);
      return u >= from + length ? after.place(u + shift, out) : curve(u - from, out);
    },
  };
};
