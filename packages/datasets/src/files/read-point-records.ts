import { type ArrayAllocator, dataError, freshArrays, type PointCloud } from '@nerfseg/geometry';
import { raise } from './guard.js';
import { withBytes } from './read-bytes.js';

/** How a .bin file lays out one point. */
export interface PointRecordFormat {
  /** float32 numbers per point: x, y, z, intensity and, where there are five, the laser's index. */
  readonly fields: 4 | 5;
  /** The intensity that becomes 1. */
  readonly fullIntensity: number;
}

/** KITTI: x y z intensity(0..1). */
export const kittiPoints: PointRecordFormat = { fields: 4, fullIntensity: 1 };
/** nuScenes: x y z intensity(0..255) ring. */
export const nuscenesPoints: PointRecordFormat = { fields: 5, fullIntensity: 255 };

/** Most bytes of a scan: 16 million points, a hundred times a sweep of 64 beams. */
const largestScan = 2 ** 28;

/** Points in a file of `bytes` bytes; raises `empty` or `truncated`. */
export const pointCount = (path: string, bytes: number, format: PointRecordFormat): number => {
  const record = format.fields * 4;
  if (bytes === 0) raise(dataError('empty', path, 'size', '0 bytes: no point', 'at least one point'));
  if (bytes % record !== 0)
    raise(
      dataError(
        'truncated',
        path,
        'size',
        `${bytes} bytes: ${Math.floor(bytes / record)} points and ${bytes % record} bytes over`,
        `a multiple of ${record} bytes (${format.fields} float32 per point)`,
        'The file was cut short, has something appended, or is of another format.',
      ),
    );
  return bytes / record;
};

/** Reads and checks one sweep; raises `empty`, `truncated` or, for a number that cannot be, `malformed`. */
export const readPointRecords = (
  path: string,
  format: PointRecordFormat,
  arrays: ArrayAllocator = freshArrays,
): Promise<PointCloud> => withBytes(path, largestScan, (bytes) => decodePoints(path, bytes, format, arrays));

const decodePoints = (
  path: string,
  bytes: Uint8Array,
  format: PointRecordFormat,
  arrays: ArrayAllocator,
): PointCloud => {
  const { fields, fullIntensity } = format;
  const count = pointCount(path, bytes.byteLength, format);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, count * fields);
  const positions = arrays.float32(count * 3);
  const intensity = arrays.float32(count);
  const ring = fields === 5 ? arrays.uint8(count) : undefined;
  for (let i = 0, v = 0, p = 0; i < count; i++, v += fields, p += 3) {
    const x = values[v];
    const y = values[v + 1];
    const z = values[v + 2];
    const reflected = values[v + 3];
    positions[p] = x;
    positions[p + 1] = y;
    positions[p + 2] = z;
    intensity[i] = reflected / fullIntensity;
    const sum = x + y + z + reflected;
    // NaN and infinity are the only numbers that do not cancel themselves.
    if (sum - sum !== 0) raise(notFinite(path, i, values.subarray(v, v + 4)));
    if (!ring) continue;
    ring[i] = values[v + 4];
    if (ring[i] !== values[v + 4])
      raise(
        dataError('malformed', path, `point ${i}, ring`, String(values[v + 4]), 'a whole number 0 to 255'),
      );
  }
  return ring ? { positions, intensity, ring } : { positions, intensity };
};

const notFinite = (path: string, point: number, values: Float32Array) => {
  const field = values.findIndex((value) => !Number.isFinite(value));
  return dataError(
    'malformed',
    path,
    `point ${point}, ${['x', 'y', 'z', 'intensity'][field]}`,
    String(values[field]),
    'a finite number',
  );
};
