import { type Network, segmentScan } from '@nerfseg/backbone';
import type { Frame } from '@nerfseg/datasets';
import { type CylindricalGrid, type DataError, devoxelize, voxelize } from '@nerfseg/geometry';
import { isLeft, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** The class of every point of one frame, [N]: inference alone, no labels are read. */
export const predictFrame =
  (network: Network, frame: Frame, grid: CylindricalGrid): TaskEither<DataError, Uint8Array> =>
  async () => {
    const points = await frame.points()();
    if (isLeft(points)) return points;
    const scan = voxelize(points.right, grid, { source: frame.id });
    if (isLeft(scan)) return scan;
    return right(devoxelize(scan.right, await segmentScan(network, scan.right)));
  };
