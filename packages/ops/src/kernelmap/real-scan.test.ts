import { describe, expect, it } from '@jest/globals';
import { cylindricalCoords, kittiScan } from '../testing/real-scan.js';
import type { GridShape } from './linear-indices.js';
import { stridedMap } from './strided-map.js';
import { submanifoldMap } from './submanifold-map.js';

const scan = kittiScan();
if (!scan)
  console.warn('kernel maps of a real scan: skipped, the KITTI sample (NERFSEG_REAL_DATA) is absent');
const withScan = scan ? describe : describe.skip;

withScan('kernel maps of a real KITTI scan at 480x360x32', () => {
  it('have the voxels and pairs that were counted independently', () => {
    let shape: GridShape = [480, 360, 32];
    let coords = cylindricalCoords(scan as Float32Array, shape, true);
    const voxels = [coords.length / 3];
    expect(submanifoldMap(coords, [1, 3, 3], { shape }).pairs).toBe(122_706);
    expect(submanifoldMap(coords, [3, 3, 3], { shape }).pairs).toBe(291_152);
    for (const stride of [
      [2, 2, 2],
      [2, 2, 2],
      [2, 2, 1],
      [2, 2, 1],
    ] as const) {
      ({ coords, shape } = stridedMap(coords, [3, 3, 3], stride, { shape }));
      voxels.push(coords.length / 3);
    }
    expect(voxels).toEqual([38_576, 32_586, 13_745, 8_458, 3_623]);
    expect(shape).toEqual([30, 23, 8]);
  });
});
