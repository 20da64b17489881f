import type { PointCloud } from '@nerfseg/geometry';

const asBytes = (values: Float32Array): Uint8Array => new Uint8Array(values.buffer);

/** nuScenes: x y z intensity(whole numbers 0..255) ring, float32. */
export const nuscenesPointBytes = ({ positions, intensity, ring }: PointCloud): Uint8Array => {
  const values = new Float32Array(intensity.length * 5);
  for (let i = 0; i < intensity.length; i++) {
    values.set(positions.subarray(i * 3, i * 3 + 3), i * 5);
    values[i * 5 + 3] = Math.round(Math.min(1, Math.max(0, intensity[i])) * 255);
    values[i * 5 + 4] = ring?.[i] ?? 0;
  }
  return asBytes(values);
};

/** KITTI: x y z intensity(0..1), float32. */
export const kittiPointBytes = ({ positions, intensity }: PointCloud): Uint8Array => {
  const values = new Float32Array(intensity.length * 4);
  for (let i = 0; i < intensity.length; i++) {
    values.set(positions.subarray(i * 3, i * 3 + 3), i * 4);
    values[i * 4 + 3] = intensity[i];
  }
  return asBytes(values);
};
