import { checkRectangle, type Rectangle } from '../images/rectangle.js';
import type { PinholeCamera } from '../types.js';

/**
 * The camera of a part of the image (see `cropImage`): the principal point moves with the corner.
 *
 * @throws RangeError when the part is not inside the image.
 */
export const cropCamera = <Camera extends PinholeCamera>(camera: Camera, part: Rectangle): Camera => {
  checkRectangle(part, camera.width, camera.height);
  const intrinsics = camera.intrinsics.slice();
  intrinsics[2] -= part.left;
  intrinsics[5] -= part.top;
  return { ...camera, width: part.width, height: part.height, intrinsics };
};
