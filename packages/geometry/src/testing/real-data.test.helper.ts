import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PointCloud } from '../types.js';

/** The folder of real KITTI and nuScenes samples, beside the repository or where the environment says. */
export const realData =
  process.env.NERFSEG_REAL_DATA ?? path.resolve(__dirname, '../../../../../shared/data');

/** Whether a file of the real samples is there; says so once where it is not. */
export const hasRealData = (relative: string): boolean => {
  const there = existsSync(path.join(realData, relative));
  if (!there) console.warn(`skipped: no ${relative} in ${realData} (set NERFSEG_REAL_DATA)`);
  return there;
};

/** Raw float32 records of x, y, z, intensity and whatever follows. */
export const readPoints = (relative: string, floatsPerPoint: number, intensityScale = 1): PointCloud => {
  const bytes = readFileSync(path.join(realData, relative));
  const floats = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const count = floats.length / floatsPerPoint;
  const positions = new Float32Array(count * 3);
  const intensity = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    positions.set(floats.subarray(n * floatsPerPoint, n * floatsPerPoint + 3), n * 3);
    intensity[n] = floats[n * floatsPerPoint + 3] / intensityScale;
  }
  return { positions, intensity };
};
