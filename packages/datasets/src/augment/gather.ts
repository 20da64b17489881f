import type { PointCloud } from '@nerfseg/geometry';

type Values = Uint8Array | Uint16Array | Int32Array | Float32Array;

/** Rows of an array by index. */
export const gatherRows = <A extends Values>(values: A, rows: Int32Array): A => {
  const taken = new (values.constructor as new (length: number) => A)(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]];
  return taken;
};

/** Rows of three. */
export const gatherPositions = (positions: Float32Array, rows: Int32Array): Float32Array => {
  const taken = new Float32Array(rows.length * 3);
  for (let i = 0, p = 0; i < rows.length; i++, p += 3) {
    const from = rows[i] * 3;
    taken[p] = positions[from];
    taken[p + 1] = positions[from + 1];
    taken[p + 2] = positions[from + 2];
  }
  return taken;
};

/** Points of a cloud by index, with all that is known of them. */
export const gatherPoints = (points: PointCloud, rows: Int32Array): PointCloud => {
  const { positions, intensity, ring, timeOffset } = points;
  return {
    positions: gatherPositions(positions, rows),
    intensity: gatherRows(intensity, rows),
    ...(ring ? { ring: gatherRows(ring, rows) } : {}),
    ...(timeOffset ? { timeOffset: gatherRows(timeOffset, rows) } : {}),
  };
};
