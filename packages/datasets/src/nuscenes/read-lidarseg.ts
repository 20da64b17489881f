import { type ArrayAllocator, dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import { fileSize } from '../files/list-folder.js';
import { readBytes } from '../files/read-bytes.js';
import { nuscenesPoints, pointCount } from '../files/read-point-records.js';
import { mapRaw, type RawLabelMap } from '../labels/raw-label-map.js';

/** Labels of a sweep (uint8 per point, raw category index), as classes; checked against the sweep's size. */
export const readLidarseg = async (
  path: string,
  pointsPath: string,
  labelMap: RawLabelMap,
  arrays?: ArrayAllocator,
): Promise<Uint8Array> => {
  const raw = await readBytes(path);
  const points = pointCount(pointsPath, fileSize(pointsPath), nuscenesPoints);
  if (raw.length !== points)
    raise(
      dataError('mismatch', path, 'labels', `${raw.length} labels`, `${points} as ${pointsPath} has points`),
    );
  return mapRaw(raw, labelMap, path, arrays);
};
