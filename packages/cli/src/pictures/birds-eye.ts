import type { Image } from '@nerfseg/geometry';
import { blank, blend, type Color } from './canvas.js';
import { background, faint, ink } from './colors.js';
import { drawCircle, drawDisc } from './disc.js';
import { drawText } from './text.js';

export interface BirdsEyeOptions {
  /** Metres from the sensor to the picture's edge. */
  readonly range: number;
  /** Pixels of the square's side. */
  readonly size: number;
  /** The sensor's axis that points ahead: x (KITTI) or y (nuScenes). */
  readonly forward: 'x' | 'y';
}

/**
 * The sweep from above, driving direction up, with rings every 10 m; higher points cover lower ones.
 *
 * @param positions [N*3] metres, sensor frame.
 * @param colorOf colour of point i; undefined leaves it out.
 */
export function drawBirdsEye(
  positions: Float32Array,
  colorOf: (point: number) => Color | undefined,
  { range, size, forward }: BirdsEyeOptions,
): Image {
  const picture = blank(size, size, background);
  const scale = size / (2 * range);
  const centre = size / 2;
  for (let ring = 10; ring < range; ring += 10) drawCircle(picture, centre, centre, ring * scale, faint, 0.3);
  const order = Int32Array.from({ length: positions.length / 3 }, (_, i) => i).sort(
    (a, b) => positions[a * 3 + 2]! - positions[b * 3 + 2]!,
  );
  // Sparse sweeps get larger dots.
  const radius = Math.min(1.8, Math.max(0.8, 0.8 * Math.sqrt(30000 / Math.max(1, order.length))));
  for (const i of order) {
    const color = colorOf(i);
    if (!color) continue;
    const x = positions[i * 3]!;
    const y = positions[i * 3 + 1]!;
    const [ahead, left] = forward === 'x' ? [x, y] : [y, -x];
    drawDisc(picture, centre - left * scale, centre - ahead * scale, radius, color, 0.9);
  }
  drawEgo(picture, centre, scale);
  for (let ring = 10; ring < range; ring += 10)
    drawText(
      picture,
      Math.round(centre + ring * scale * Math.SQRT1_2) + 2,
      Math.round(centre + ring * scale * Math.SQRT1_2) - 4,
      `${ring} m`,
      faint,
    );
  return picture;
}

/** An arrowhead that points up. */
function drawEgo(picture: Image, centre: number, scale: number): void {
  const length = Math.max(6, 2.2 * scale);
  for (let y = -length; y <= length; y++) {
    const half = ((y + length) / (2 * length)) * length * 0.55;
    for (let x = -half; x <= half; x++)
      blend(picture, Math.round(centre + x), Math.round(centre + y), ink, 0.9);
  }
}
