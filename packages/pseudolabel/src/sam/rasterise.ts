import type { Candidate, MapFrame } from './candidate.js';
import type { CropBox } from './crop-boxes.js';
import { upsample } from './upsample.js';

/**
 * A candidate as a bitmap of the whole picture.
 *
 * @param crop the part of the picture that the candidate was found in.
 * @returns [height*width] 1 inside the mask.
 */
export function rasterise(
  candidate: Candidate,
  frame: MapFrame,
  crop: CropBox,
  maskThreshold: number,
  width: number,
  height: number,
): Uint8Array {
  const bitmap = new Uint8Array(width * height);
  upsample(candidate.window, frame.columns, frame.rows, (y, x0, line) => {
    const at = (crop.y0 + y) * width + crop.x0 + x0;
    for (let i = 0; i < line.length; i++) if (line[i]! > maskThreshold) bitmap[at + i] = 1;
  });
  return bitmap;
}
