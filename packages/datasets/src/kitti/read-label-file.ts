import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import { fileSize } from '../files/list-folder.js';
import { readBytes } from '../files/read-bytes.js';
import { kittiPoints, pointCount } from '../files/read-point-records.js';
import { mapRaw } from '../labels/raw-label-map.js';
import { semanticKittiRawLabels } from '../labels/semantic-kitti.js';

/** A .label file (uint32 per point: raw id in the low 16 bits, instance in the high) as classes; raises. */
export const readLabelFile = async (path: string, pointsPath: string): Promise<Uint8Array> => {
  const bytes = await readBytes(path);
  if (bytes.length % 4 !== 0)
    raise(
      dataError(
        'truncated',
        path,
        'size',
        `${bytes.length} bytes`,
        'a multiple of 4 bytes (uint32 per point)',
      ),
    );
  const count = bytes.length / 4;
  const points = pointCount(pointsPath, await fileSize(pointsPath), kittiPoints);
  if (count !== points)
    raise(dataError('mismatch', path, 'labels', `${count} labels`, `${points} as ${pointsPath} has points`));
  const raw = new Uint16Array(count);
  for (let i = 0; i < count; i++) raw[i] = bytes[i * 4] | (bytes[i * 4 + 1] << 8);
  return mapRaw(raw, semanticKittiRawLabels, path);
};
