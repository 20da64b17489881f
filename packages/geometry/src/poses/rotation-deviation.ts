/** How far a 3x3 matrix is from a rotation. */
export interface RotationDeviation {
  /** Largest element of |R^T R - I|: 0 for orthonormal columns, NaN when one is not finite. */
  readonly deviation: number;
  /** +1 for a rotation, -1 for a mirror. */
  readonly determinant: number;
}

/** Deviation of the upper left 3x3 of a 4x4 matrix (column-major, like a `Pose`) from a rotation. */
export const rotationDeviation = (matrix: ArrayLike<number>): RotationDeviation => {
  let deviation = 0;
  for (let i = 0; i < 3; i++)
    for (let j = i; j < 3; j++) {
      let dot = i === j ? -1 : 0;
      for (let k = 0; k < 3; k++) dot += matrix[i * 4 + k] * matrix[j * 4 + k];
      deviation = Math.max(deviation, Math.abs(dot));
    }
  const determinant =
    matrix[0] * (matrix[5] * matrix[10] - matrix[9] * matrix[6]) -
    matrix[4] * (matrix[1] * matrix[10] - matrix[9] * matrix[2]) +
    matrix[8] * (matrix[1] * matrix[6] - matrix[5] * matrix[2]);
  return { deviation, determinant };
};
