/** Cells along rho, phi, z. */
export type GridShape = readonly [number, number, number];

/**
 * The linear index of every voxel (rho major, z minor). Throws where a coordinate lies outside the grid: that is a
 * mistake of the caller, who made the coordinates for this grid.
 */
export const linearIndices = (coords: Int32Array, shape: GridShape): Int32Array => {
  const [sr, sp, sz] = shape;
  if (!(sr > 0 && sp > 0 && sz > 0) || sr * sp * sz >= 2 ** 31) {
    throw new RangeError(`grid shape ${shape.join('x')}: expected 1 to 2^31 - 1 cells`);
  }
  if (coords.length % 3 !== 0)
    throw new RangeError(`coords: ${coords.length} values, expected three per voxel`);
  const rows = coords.length / 3;
  const linear = new Int32Array(rows);
  for (let v = 0; v < rows; v++) {
    const r = coords[v * 3];
    const p = coords[v * 3 + 1];
    const z = coords[v * 3 + 2];
    if (r < 0 || r >= sr || p < 0 || p >= sp || z < 0 || z >= sz) {
      throw new RangeError(`voxel ${v}: coordinates ${r},${p},${z} lie outside the grid ${shape.join('x')}`);
    }
    linear[v] = (r * sp + p) * sz + z;
  }
  return linear;
};
