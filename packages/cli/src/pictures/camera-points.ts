import type { CameraView } from '@nerfseg/datasets';
import { type Image, projectPoints } from '@nerfseg/geometry';
import { type Color, tinted, widthOf } from './canvas.js';
import { drawDisc } from './disc.js';

/** What a camera sees of a sweep, with the ego-motion between their capture times taken into account. */
export interface ProjectedSweep {
  readonly u: Float32Array;
  readonly v: Float32Array;
  /** Metres along the optical axis. */
  readonly depth: Float32Array;
  /** Indices of the points inside the picture, the farthest first: drawn in this order the near ones stay visible. */
  readonly order: Int32Array;
}

/** Projects a sweep into a camera; points nearer than 0.5 m (the car itself) are left out. */
export function projectSweep(view: CameraView, positions: Float32Array): ProjectedSweep {
  const { u, v, depth, visible } = projectPoints(positions, view.cameraFromLidar, view, { minDepth: 0.5 });
  const inside: number[] = [];
  for (let i = 0; i < visible.length; i++) if (visible[i]) inside.push(i);
  inside.sort((a, b) => depth[b]! - depth[a]!);
  return { u, v, depth, order: Int32Array.from(inside) };
}

/** The same sweep in a picture of another size. */
export const scaledSweep = ({ u, v, depth, order }: ProjectedSweep, scale: number): ProjectedSweep => ({
  u: u.map((x) => x * scale),
  v: v.map((y) => y * scale),
  depth,
  order,
});

/** Colour and opacity of a point; undefined leaves it out. */
export type PointColor = (point: number) => readonly [Color, number] | undefined;

/** A camera's picture, dimmed, with the points on it. */
export function drawCameraPoints(
  picture: Image,
  { u, v, order }: ProjectedSweep,
  colorOf: PointColor,
  radius = Math.max(1, widthOf(picture) / 700),
): Image {
  const out = tinted(picture, [0, 0, 0], 0.3);
  for (const point of order) {
    const color = colorOf(point);
    if (color) drawDisc(out, u[point]!, v[point]!, radius, color[0], color[1]);
  }
  return out;
}
