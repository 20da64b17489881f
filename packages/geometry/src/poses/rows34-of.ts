import type { Pose } from '../types.js';

/** The 12 numbers of [R | t], row-major: what KITTI's text files hold. */
export const rows34Of = (pose: Pose): Float64Array => {
  const rows = new Float64Array(12);
  for (let row = 0; row < 3; row++)
    for (let column = 0; column < 4; column++) rows[row * 4 + column] = pose[column * 4 + row];
  return rows;
};
