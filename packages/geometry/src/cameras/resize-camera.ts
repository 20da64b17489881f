import type { PinholeCamera } from '../types.js';

/**
 * The camera of the resized image (see `resizeImage`). Coordinates count from the first pixel's corner, so they scale
 * and nothing else; distortion is a matter of directions and stays.
 *
 * @throws RangeError unless width and height are positive integers.
 */
export const resizeCamera = <Camera extends PinholeCamera>(
  camera: Camera,
  width: number,
  height: number,
): Camera => {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0))
    throw new RangeError(`resizeCamera: ${width} x ${height} is not a size`);
  const [a, b] = [width / camera.width, height / camera.height];
  const intrinsics = camera.intrinsics.map((value, i) => (i < 3 ? value * a : i < 6 ? value * b : value));
  return { ...camera, width, height, intrinsics };
};
