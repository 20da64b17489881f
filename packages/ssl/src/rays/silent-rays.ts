import type { Random, RayBundle } from '@nerfseg/geometry';
import { augmentedPoint } from './return-rays.js';

/** Side of a direction bin, radians: some ten pulses of a 32-beam sensor, so that an empty one means something. */
const binSize = (2 * Math.PI) / 180;

/**
 * Rays from the LiDAR in directions that it looked in and got nothing back from: mostly sky. Space is free along them, which
 * no return says; without them the sky renders as whatever stands below it.
 *
 * Directions are binned over the sweep's own vertical span. A bin counts as silent when it and its eight neighbours hold no
 * return and the bins above the horizontal alone are asked: below it, silence is more often wet or black ground than void.
 *
 * @param positions [N*3] metres, un-augmented sensor frame
 * @param affine what augmentation did to that frame
 * @param budget most rays; fewer where the sweep has fewer silent bins
 * @param far metres
 */
export function silentRays(
  positions: Float32Array,
  affine: Float64Array,
  budget: number,
  far: number,
  random: Random,
): RayBundle {
  const columns = Math.round((2 * Math.PI) / binSize);
  const rows = Math.round(Math.PI / 2 / binSize);
  const hits = new Uint8Array(columns * rows);
  let top = 0;
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = [positions[i], positions[i + 1], positions[i + 2]];
    // Most of a sweep, spared its angles: below the horizontal no direction is asked.
    if (z < 0) continue;
    const row = Math.floor(Math.atan2(z, Math.hypot(x, y)) / binSize);
    if (row >= rows) continue;
    const column = Math.floor((Math.atan2(y, x) + Math.PI) / binSize) % columns;
    hits[row * columns + column] = 1;
    top = Math.max(top, row);
  }
  const silent: number[] = [];
  for (let row = 0; row <= top; row++)
    for (let column = 0; column < columns; column++) {
      let found = 0;
      for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++)
        for (let c = -1; c <= 1; c++) found += hits[r * columns + ((column + c + columns) % columns)];
      if (found === 0) silent.push(row * columns + column);
    }
  const chosen = random.shuffle(silent).slice(0, budget);
  const origins = new Float32Array(chosen.length * 3);
  const directions = new Float32Array(chosen.length * 3);
  const origin = augmentedPoint(affine, [0, 0, 0]);
  for (const [k, bin] of chosen.entries()) {
    const yaw = ((bin % columns) + random.next()) * binSize - Math.PI;
    const pitch = (Math.floor(bin / columns) + random.next()) * binSize;
    const end = augmentedPoint(affine, [
      Math.cos(pitch) * Math.cos(yaw),
      Math.cos(pitch) * Math.sin(yaw),
      Math.sin(pitch),
    ]);
    const length = Math.hypot(end[0] - origin[0], end[1] - origin[1], end[2] - origin[2]);
    for (let a = 0; a < 3; a++) {
      origins[k * 3 + a] = origin[a];
      directions[k * 3 + a] = (end[a] - origin[a]) / length;
    }
  }
  return { origins, directions, pixels: new Int32Array(chosen.length * 2).fill(-1), near: 0.5, far };
}
