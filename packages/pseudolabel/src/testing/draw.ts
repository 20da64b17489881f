import { type Image, image, type SegmentMasks } from '@nerfseg/geometry';
import { encodeRuns } from '../masks/encode-runs.js';
import { segmentMasks } from '../masks/segment-masks.js';

/**
 * Masks drawn with characters: one picture per mask, '#' inside. For tests.
 */
export function drawMasks(pictures: readonly string[][], scores?: readonly number[]): SegmentMasks {
  const height = pictures[0]?.length ?? 2;
  const width = pictures[0]?.[0]?.length ?? 2;
  const masks = pictures.map((lines) => encodeRuns([...lines.join('')].map((c) => (c === '#' ? 1 : 0))));
  return segmentMasks(width, height, masks, scores ?? masks.map(() => 1));
}

/** A picture from a function of the pixel. For tests. */
export function drawImage(
  width: number,
  height: number,
  colorAt: (x: number, y: number) => readonly [number, number, number],
): Image {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set(colorAt(x, y), (y * width + x) * 3);
  return image(width, height, data);
}
