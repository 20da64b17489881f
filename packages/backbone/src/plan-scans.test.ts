import { describe, expect, it } from '@jest/globals';
import { createRandom, type VoxelizedScan } from '@nerfseg/geometry';
import { submanifoldMap } from '@nerfseg/ops';
import { cylinder3dConfig } from './config.js';
import { countOperations } from './count-operations.js';
import { joinPlans } from './join-plans.js';
import { type KernelName, kernelShapes } from './kernel-shapes.js';
import { mapOf } from './level-maps.js';
import { downSites } from './naive.test.helper.js';
import { planScans } from './plan-scans.js';
import { haveRealScan, realScan } from './real-scan.test.helper.js';
import { sitesOf, tinyConfig, tinyScan, tinyShape } from './scene.test.helper.js';
import { segmentScan } from './segment-scan.js';

describe('planScans', () => {
  const random = createRandom('plans');
  const scan = tinyScan(random);
  const other = tinyScan(random);

  it('finds the voxels of every level', () => {
    const plan = planScans([scan], tinyConfig());
    let sites = sitesOf(scan);
    for (const [i, step] of (
      [
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 1],
        [2, 2, 1],
      ] as const
    ).entries()) {
      sites = downSites(sites, step);
      const level = plan.levels[i + 1];
      expect(level.shape).toEqual(sites.shape);
      expect(Array.from(level.coords)).toEqual(sites.coords.flat());
      expect(plan.levels[i].down!.outRows).toBe(sites.coords.length);
    }
    expect(plan.levels.map(({ stride }) => stride)).toEqual([
      [1, 1, 1],
      [2, 2, 2],
      [4, 4, 4],
      [8, 8, 4],
      [16, 16, 4],
    ]);
  });

  it.each([false, true])(
    'cuts small kernels out of the 3x3x3 map as if built afresh (wrap %p)',
    (wrapAzimuth) => {
      const plan = planScans([scan], tinyConfig({ wrapAzimuth }));
      for (const level of plan.levels)
        for (const [name, map] of Object.entries(level.maps))
          expect(map).toEqual(
            submanifoldMap(level.coords, kernelShapes[name as KernelName], {
              shape: level.shape,
              wrapAzimuth,
            }),
          );
    },
  );

  it("builds only the maps that 'paper' and 'released' need", () => {
    const names = (kernelMaps: 'paper' | 'released'): string[][] =>
      planScans([scan], tinyConfig({ kernelMaps })).levels.map(({ maps }) => Object.keys(maps).sort());
    expect(names('paper')).toEqual([
      ['1x1x3', '1x3x1', '1x3x3', '3x1x1', '3x1x3', '3x3x3'],
      ...Array(3).fill(['1x3x3', '3x1x3', '3x3x3']),
      ['3x3x3'],
    ]);
    expect(names('released')).toEqual([
      ['1x3x3', '3x1x1', '3x1x3', '3x3x3'],
      ...Array(3).fill(['1x3x3', '3x1x3', '3x3x3']),
      ['3x3x3'],
    ]);
  });

  it('joins scans whose rows do not meet', () => {
    const config = tinyConfig();
    const [a, b] = [planScans([scan], config), planScans([other], config)];
    const both = planScans([scan, other], config);
    expect(joinPlans([a, b])).toEqual(both);
    expect(both.scans).toBe(2);
    expect(both.points).toBe(a.points + b.points);
    for (const [i, level] of both.levels.entries()) {
      const rows = a.levels[i].coords.length / 3;
      expect(Array.from(level.scanOffsets)).toEqual([0, rows, rows + b.levels[i].coords.length / 3]);
      const map = mapOf(level, '3x3x3');
      for (let o = 0; o < map.outRows; o++)
        for (let t = 0; t < 27; t++) {
          const input = map.inputOf[o * 27 + t];
          if (input >= 0) expect(input < rows).toBe(o < rows);
        }
    }
    expect(joinPlans([both, a]).levels[0].scanOffsets).toHaveLength(4);
  });

  it('leaves dropped points out', () => {
    const voxelOfPoint = scan.voxelOfPoint.slice();
    const dropped = voxelOfPoint.findIndex((voxel, n) => voxelOfPoint.indexOf(voxel) !== n);
    voxelOfPoint[dropped] = -1;
    const plan = planScans([{ ...scan, voxelOfPoint }], tinyConfig());
    expect(plan.points).toBe(voxelOfPoint.length - 1);
    expect(plan.pointFeatures[0].subarray(dropped * 9, dropped * 9 + 9)).toEqual(
      scan.pointFeatures.subarray(dropped * 9 + 9, dropped * 9 + 18),
    );
  });

  it('refuses what cannot be planned', async () => {
    const config = tinyConfig();
    const empty: VoxelizedScan = {
      grid: scan.grid,
      coords: new Int32Array(0),
      voxelOfPoint: new Int32Array(0),
      pointFeatures: new Float32Array(0),
    };
    expect(() => planScans([], config)).toThrow('no scans');
    expect(() => planScans([empty], config)).toThrow('no voxel');
    const refused = segmentScan({ config, trainable: {}, statistics: {} }, empty);
    await expect(refused).rejects.toThrow('no voxel');
    expect(() => planScans([scan], tinyConfig({ gridShape: [480, 360, 32] }))).toThrow(tinyShape.join(' x '));
    const wide = { ...other, grid: { ...other.grid, shape: [64, 48, 8] as const } };
    expect(() => planScans([scan, wide], config)).toThrow('grids');
    const short = { ...scan, pointFeatures: scan.pointFeatures.subarray(9) };
    expect(() => planScans([short], config)).toThrow('features');
  });
});

(haveRealScan ? describe : describe.skip)(
  'planScans of a real KITTI scan (skipped without the sample data)',
  () => {
    it('finds the published numbers of voxels and of operations', () => {
      const scan = realScan([480, 360, 32]);
      const config = cylinder3dConfig({ numClasses: 20, width: 32, gridShape: [480, 360, 32] });
      const plan = planScans([scan], config);
      expect(plan.points).toBe(124_668);
      expect(plan.levels.map(({ coords }) => coords.length / 3)).toEqual([
        38_576, 32_586, 13_745, 8_458, 3_623,
      ]);
      expect(mapOf(plan.levels[0], '3x3x3').pairs).toBe(291_152);
      expect(mapOf(plan.levels[0], '1x3x3').pairs).toBe(122_706);
      // Published to three digits, by a count whose details are not: hence one percent.
      const operations = countOperations(plan, config);
      expect(Math.abs(operations.unet / 593e9 - 1)).toBeLessThan(0.01);
      expect(Math.round(operations.pointEncoder / 1e9)).toBe(27);
      expect(Math.abs(countOperations(plan, { ...config, width: 16 }).unet / 149e9 - 1)).toBeLessThan(0.01);
    });

    it('finds them on the small grid of the semi-supervised papers too', () => {
      const scan = realScan([240, 180, 20]);
      const plan = planScans([scan], cylinder3dConfig({ numClasses: 20, width: 16 }));
      expect(plan.levels.map(({ coords }) => coords.length / 3)).toEqual([17_918, 12_409, 4_410, 2_308, 779]);
    });
  },
);
