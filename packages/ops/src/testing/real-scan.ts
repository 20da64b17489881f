import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GridShape } from '../kernelmap/linear-indices.js';

const folder =
  process.env.NERFSEG_REAL_DATA ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));

/** A real KITTI scan ([N*4] x, y, z, intensity), or undefined where the sample data is absent. */
export const kittiScan = (): Float32Array | undefined => {
  const path = join(folder, 'semantickitti/sequences/00/velodyne/000000.bin');
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

/** The occupied cells of Cylinder3D's grid for KITTI, sorted by linear index; points outside are clamped in. */
export const cylindricalCoords = (scan: Float32Array, shape: GridShape, released: boolean): Int32Array => {
  const low = [0, -Math.PI, -4];
  const high = [50, Math.PI, 2];
  const interval = shape.map((size, axis) => (high[axis] - low[axis]) / (released ? size - 1 : size));
  const cells = new Set<number>();
  for (let n = 0; n < scan.length; n += 4) {
    const point = [Math.hypot(scan[n], scan[n + 1]), Math.atan2(scan[n + 1], scan[n]), scan[n + 2]];
    const cell = point.map((value, axis) => {
      const clamped = Math.min(Math.max(value, low[axis]), high[axis]);
      return Math.min(shape[axis] - 1, Math.floor((clamped - low[axis]) / interval[axis]));
    });
    cells.add((cell[0] * shape[1] + cell[1]) * shape[2] + cell[2]);
  }
  const sorted = Int32Array.from(cells).sort();
  const coords = new Int32Array(sorted.length * 3);
  sorted.forEach((cell, v) => {
    coords[v * 3] = Math.floor(cell / (shape[1] * shape[2]));
    coords[v * 3 + 1] = Math.floor(cell / shape[2]) % shape[1];
    coords[v * 3 + 2] = cell % shape[2];
  });
  return coords;
};
