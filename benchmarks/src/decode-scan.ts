import type { PointCloud } from '@nerfseg/geometry';

/** A scan in KITTI's format: x, y, z, intensity of every point, float32. */
export const decodeScan = (bytes: Buffer): PointCloud => {
  const records = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return pointsOf(records);
};

/** [N*4] x, y, z, intensity as points. */
export const pointsOf = (records: Float32Array): PointCloud => {
  const count = records.length / 4;
  const positions = new Float32Array(count * 3);
  const intensity = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    positions.set(records.subarray(n * 4, n * 4 + 3), n * 3);
    intensity[n] = records[n * 4 + 3]!;
  }
  return { positions, intensity };
};
