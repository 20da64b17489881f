import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import { refuseRepeated } from '../files/refuse-repeated.js';

/**
 * What a frame's pictures would be filed under. Raises `malformed` for a name that KITTI does not have, `mismatch` for one that comes
 * twice or is not calibrated.
 *
 * @param calibrated names of the first frame's cameras: the sequence's one calib.txt is made of them.
 */
export const checkKittiCameras = (
  names: readonly string[],
  calibrated: readonly string[],
  source: string,
): void => {
  const seen = new Set<string>();
  for (const name of names) {
    if (!/^image_[0-3]$/.test(name))
      raise(dataError('malformed', source, 'camera name', name, 'image_0, image_1, image_2 or image_3'));
    refuseRepeated(seen, name, source, 'camera name');
    if (!calibrated.includes(name))
      raise(
        dataError(
          'mismatch',
          source,
          'camera name',
          name,
          `a camera of the sequence's first frame: ${calibrated.join(', ') || 'it has none'}`,
          'calib.txt, which all frames share, is made of the first one.',
        ),
      );
  }
};
