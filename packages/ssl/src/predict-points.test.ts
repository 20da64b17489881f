import { beforeAll, describe, expect, it } from '@jest/globals';
import { createCylinder3d, cylinder3dConfig, disposeNetwork } from '@nerfseg/backbone';
import { createRandom, type PointCloud, voxelize } from '@nerfseg/geometry';
import { left } from 'fp-ts/lib/Either.js';
import { predictPoints } from './predict-points.js';
import { startCpuEngine } from './testing/cpu-engine.js';
import { tinyDataset, tinyGrid, unwrap } from './testing/tiny-dataset.js';

beforeAll(async () => {
  await startCpuEngine();
});

describe('predictPoints', () => {
  it('gives no class to points outside the grid that were dropped, and takes no notice of them, in any view', async () => {
    const config = { numClasses: 4, width: 2, pointWidths: [8, 8], voxelInputChannels: 4 };
    const network = createCylinder3d(cylinder3dConfig(config), createRandom(1));
    const inside = unwrap(await tinyDataset(1).dataset.frame(0).points()());
    const far = [40, 0, 0, 0, 40, 0, 5, 5, 9];
    const points: PointCloud = {
      positions: Float32Array.from([...far, ...inside.positions]),
      intensity: Float32Array.from([1, 1, 1, ...inside.intensity]),
    };
    for (const views of [1, 2]) {
      const predict = async (cloud: PointCloud) => {
        const scan = unwrap(voxelize(cloud, tinyGrid, { outside: 'drop' }));
        return unwrap(await predictPoints(network, cloud, scan, tinyGrid, { views })());
      };
      const [all, alone] = [await predict(points), await predict(inside)];
      expect([...all.points.subarray(0, 3)]).toEqual([0, 0, 0]);
      expect(all.points.slice(3)).toEqual(alone.points);
      expect(all.voxels).toEqual(alone.voxels);
    }
    disposeNetwork(network);
  });

  it('turns views on grids alone that go all around', async () => {
    const config = { numClasses: 4, width: 2, pointWidths: [8, 8], voxelInputChannels: 4 };
    const network = createCylinder3d(cylinder3dConfig(config), createRandom(1));
    const grid = { ...tinyGrid, phi: [-0.5, 0.5] as const, wrapAzimuth: false };
    const points: PointCloud = { positions: Float32Array.of(5, 0, 0), intensity: Float32Array.of(1) };
    for (const outside of ['clamp', 'drop'] as const) {
      const scan = unwrap(voxelize(points, grid, { outside }));
      expect(await predictPoints(network, points, scan, grid, { views: 2 })()).toEqual(
        left(expect.objectContaining({ code: 'mismatch', field: 'views' })),
      );
      expect(unwrap(await predictPoints(network, points, scan, grid)()).points).toHaveLength(1);
    }
    disposeNetwork(network);
  });
});
