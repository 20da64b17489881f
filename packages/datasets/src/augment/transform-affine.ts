import { type ArrayAllocator, freshArrays } from '@nerfseg/geometry';

/**
 * Moves points by a 4x4 affine, column-major, which may scale and mirror.
 *
 * @param positions [N*3] metres.
 * @returns [N*3]
 */
export const transformAffine = (
  positions: Float32Array,
  affine: Float64Array,
  { float32 }: Pick<ArrayAllocator, 'float32'> = freshArrays,
): Float32Array => {
  const [m0, m1, m2, , m4, m5, m6, , m8, m9, m10, , m12, m13, m14] = affine;
  const moved = float32(positions.length);
  for (let p = 0; p < positions.length; p += 3) {
    const x = positions[p];
    const y = positions[p + 1];
    const z = positions[p + 2];
    moved[p] = m0 * x + m4 * y + m8 * z + m12;
    moved[p + 1] = m1 * x + m5 * y + m9 * z + m13;
    moved[p + 2] = m2 * x + m6 * y + m10 * z + m14;
  }
  return moved;
};

/** The 4x4 that changes nothing. */
export const identityAffine = (): Float64Array =>
  Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);

/** `a` after `b`, both 4x4 affine, column-major. */
export const composeAffine = (a: Float64Array, b: Float64Array): Float64Array => {
  const product = new Float64Array(16);
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 4; row++)
      for (let k = 0; k < 4; k++) product[column * 4 + row] += a[k * 4 + row] * b[column * 4 + k];
  return product;
};
