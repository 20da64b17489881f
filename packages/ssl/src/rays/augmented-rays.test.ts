import { beforeAll, describe, expect, it } from '@jest/globals';
import { type PreparedScan, prepareScan } from '@nerfseg/datasets';
import { cellOf, createRandom, type RayBundle, voxelize } from '@nerfseg/geometry';
import {
  castLidarRays,
  castRays,
  levelIndex,
  marchRays,
  pixelGrid,
  type RaySamples,
  renderField,
  toPixelSemantics,
  transformRays,
} from '@nerfseg/render';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { tinyGrid as grid, tinyDataset, unwrap } from '../testing/tiny-dataset.js';
import { rayLimits } from './render-view.js';
import { returnRays } from './return-rays.js';

beforeAll(() => tf.setBackend('cpu'));

const { dataset } = tinyDataset(3);
const numClasses = dataset.labelSpace.names.length;
const prepared = async (i: number, seed?: string): Promise<PreparedScan> =>
  unwrap(
    await prepareScan(dataset.frame(i), {
      grid,
      numClasses,
      labelled: true,
      ...(seed === undefined ? {} : { augmentation: createRandom(seed) }),
    })(),
  );

const base = { stride: [1, 1, 1] as const, shape: grid.shape };
const marched = ({ coords }: PreparedScan['scan'], rays: RayBundle): RaySamples =>
  marchRays(rays, grid, [levelIndex(coords, grid, base)], { samples: 96 });

/** The voxels along each ray, each told by the points that it holds. */
const contentAlong = (scan: PreparedScan['scan'], rays: RayBundle): string[] => {
  const points: number[][] = Array.from({ length: scan.coords.length / 3 }, () => []);
  for (const [n, voxel] of scan.voxelOfPoint.entries()) points[voxel].push(n);
  const { rayOffsets, levels } = marched(scan, rays);
  return Array.from({ length: rayOffsets.length - 1 }, (_, r) =>
    Array.from(levels[0].indices.subarray(rayOffsets[r], rayOffsets[r + 1]))
      .filter((row, i, all) => row !== all[i - 1])
      .map((row) => points[row].join())
      .join(' | '),
  );
};

/** Class and depth that rays render to when every voxel is opaque and of its own class. */
const rendered = async ({ scan, labels }: PreparedScan, rays: RayBundle) => {
  const samples = marched(scan, rays);
  const rows = Array.from(samples.levels[0].indices);
  const field = {
    density: tf.fill([rows.length], 20) as tf.Tensor1D,
    logits: tf.mul(
      tf.oneHot(
        tf.tensor1d(
          Uint8Array.from(rows, (row) => labels[row]),
          'int32',
        ),
        numClasses,
      ),
      12,
    ) as tf.Tensor2D,
  };
  const { probabilities, depth, opacity } = await toPixelSemantics(
    renderField(field, samples, { render: 'probabilities', unseen: 'normalise' }),
  );
  return {
    depth,
    classes: Array.from(opacity, (seen, r) => {
      const own = probabilities.subarray(r * numClasses, (r + 1) * numClasses);
      return seen < 0.5 ? 0 : own.indexOf(Math.max(...own));
    }),
  };
};

const agreement = (a: readonly unknown[], b: readonly unknown[]): number =>
  a.filter((value, i) => value === b[i]).length / a.length;

describe('rays under augmentation', () => {
  it('meet the very same voxels, point for point, where the augmentation maps the grid onto itself', async () => {
    const { points } = await prepared(0);
    const moved = (affine: Float64Array, positions: Float32Array): Float32Array =>
      Float32Array.from(positions, (_, at) => {
        const axis = at % 3;
        const [x, y, z] = positions.subarray(at - axis, at - axis + 3);
        return affine[axis] * x + affine[4 + axis] * y + affine[8 + axis] * z;
      });
    const about = (angle: number, x = 1, y = 1): Float64Array => {
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      return Float64Array.of(x * cos, y * sin, 0, 0, -x * sin, y * cos, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
    };
    const scanOf = (positions: Float32Array): PreparedScan['scan'] =>
      unwrap(voxelize({ positions, intensity: points.intensity }, grid));
    // This scanner's pulses lie on the borders between cells: a little to the side they do not.
    const before = moved(about(0.02), points.positions);
    const [view] = dataset.frame(0).cameras;
    const rays = castRays(view, pixelGrid(view.width, view.height, 3), rayLimits(grid));
    const content = contentAlong(scanOf(before), rays);
    expect(new Set(content).size).toBeGreaterThan(30);
    const cell = (2 * Math.PI) / grid.shape[1];
    for (const [turns, x, y] of [
      [5, 1, 1],
      [0, -1, 1],
      [0, 1, -1],
      [17, -1, -1],
    ] as const) {
      const affine = about(turns * cell, x, y);
      const scan = scanOf(moved(affine, before));
      // A point or a sample on a border may still be rounded to either side.
      expect(agreement(contentAlong(scan, transformRays(rays, affine).rays), content)).toBeGreaterThan(0.97);
      expect(agreement(contentAlong(scan, rays), content)).toBeLessThan(0.5);
    }
  });

  it('end in the voxel of the point that they were cast to, whatever the augmentation', async () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const { scan, augmentedFromLidar, positionsBefore } = await prepared(1, seed);
      const all = Int32Array.from(scan.voxelOfPoint.keys());
      const { rays, range } = castLidarRays(positionsBefore, all, { origin: [0.4, -0.3, 0.2] });
      const { rays: moved, scale } = transformRays(rays, augmentedFromLidar);
      const hits = Array.from(all, (n) => {
        const [x, y, z] = [0, 1, 2].map(
          (a) => moved.origins[n * 3 + a] + moved.directions[n * 3 + a] * range[n] * scale[n],
        );
        return cellOf(grid, x, y, z).join();
      });
      const cells = Array.from(all, (n) => {
        const voxel = scan.voxelOfPoint[n] * 3;
        return scan.coords.subarray(voxel, voxel + 3).join();
      });
      expect(agreement(hits, cells)).toBeGreaterThan(0.995);
    }
  });

  it('render to the same classes and depths with and without augmentation, if the camera follows', async () => {
    const [view] = dataset.frame(2).cameras;
    const rays = castRays(view, pixelGrid(view.width, view.height, 3), rayLimits(grid));
    const plain = await rendered(await prepared(2), rays);
    expect(new Set(plain.classes).size).toBe(4);
    let [followed, stayed] = [0, 0];
    const seeds = ['e', 'f'];
    for (const seed of seeds) {
      const scan = await prepared(2, seed);
      const { rays: moved, scale } = transformRays(rays, scan.augmentedFromLidar);
      const found = await rendered(scan, moved);
      followed += agreement(found.classes, plain.classes) / seeds.length;
      stayed += agreement((await rendered(scan, rays)).classes, plain.classes) / seeds.length;
      const apart = found.classes.flatMap((label, r) =>
        label > 0 && label === plain.classes[r] ? [Math.abs(found.depth[r] / scale[r] - plain.depth[r])] : [],
      );
      // Cells are half a metre deep and elsewhere under augmentation.
      expect(apart.sort((a, b) => a - b)[apart.length >> 1]).toBeLessThan(0.5);
    }
    expect(followed).toBeGreaterThan(0.85);
    expect(stayed).toBeLessThan(followed - 0.1);
  });

  it('through returns are as many as was asked for, halves of odd numbers too', async () => {
    const scan = await prepared(0);
    for (const budget of [1, 7, 8])
      expect(returnRays(scan, budget, true, createRandom(budget)).range).toHaveLength(budget);
  });
});
