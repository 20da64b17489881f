import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import { fileSize } from '../files/list-folder.js';
import { readNpz } from '../files/npz.js';
import { nuscenesPoints, pointCount } from '../files/read-point-records.js';
import { mapRaw, type RawLabelMap } from '../labels/raw-label-map.js';

/** Panoptic labels count instances of a category from 1 to 999. */
export const instancesPerCategory = 1000;

/** [N] raw category index * 1000 + instance, of a .npz file; checked against the sweep's size. */
export const readPanoptic = async (path: string, pointsPath: string): Promise<Uint16Array> => {
  const points = pointCount(pointsPath, fileSize(pointsPath), nuscenesPoints);
  const { shape, values } = await readNpz(path, 'data', points * Uint16Array.BYTES_PER_ELEMENT);
  if (!(values instanceof Uint16Array))
    return raise(dataError('malformed', path, 'data, dtype', values.constructor.name, 'uint16 (<u2)'));
  if (shape.length !== 1 || values.length !== points)
    raise(
      dataError(
        'mismatch',
        path,
        'data, shape',
        `[${shape.join(', ')}]`,
        `[${points}], as ${pointsPath} has points`,
      ),
    );
  return values;
};

export const labelsOfPanoptic = (panoptic: Uint16Array, map: RawLabelMap, path: string): Uint8Array =>
  mapRaw(
    panoptic.map((value) => Math.floor(value / instancesPerCategory)),
    map,
    path,
  );

/** The whole number names an instance: two categories that are one class may both have an instance 1. */
export const instancesOfPanoptic = (panoptic: Uint16Array): Uint16Array =>
  panoptic.map((value) => (value % instancesPerCategory === 0 ? 0 : value));
