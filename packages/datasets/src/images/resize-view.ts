import {
  cropCamera,
  cropImage,
  type Image,
  type Rectangle,
  resizeCamera,
  resizeImage,
} from '@nerfseg/geometry';
import { map } from 'fp-ts/lib/TaskEither.js';
import type { CameraView } from '../types.js';

/**
 * A camera's view at another size: its picture is resized when it is asked for, its intrinsics go along.
 *
 * @throws RangeError unless width and height are positive integers.
 */
export const resizeView = (view: CameraView, width: number, height: number): CameraView => ({
  ...resizeCamera(view, width, height),
  image: () => map((picture: Image) => resizeImage(picture, width, height))(view.image()),
});

/**
 * A part of a camera's view: its picture is cropped when it is asked for, its principal point goes along.
 *
 * @throws RangeError when the part is not inside the picture.
 */
export const cropView = (view: CameraView, part: Rectangle): CameraView => ({
  ...cropCamera(view, part),
  image: () => map((picture: Image) => cropImage(picture, part))(view.image()),
});
