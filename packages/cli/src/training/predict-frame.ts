import type { Network, PredictOptions } from '@nerfseg/backbone';
import type { Frame } from '@nerfseg/datasets';
import { type CylindricalGrid, type DataError, voxelize } from '@nerfseg/geometry';
import { predictPoints } from '@nerfseg/ssl';
import { isLeft, map } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** The class of every point of one frame, [N]: inference alone, no labels are read. */
export const predictFrame =
  (
    network: Network,
    frame: Frame,
    grid: CylindricalGrid,
    views = 1,
    options: PredictOptions = {},
  ): TaskEither<DataError, Uint8Array> =>
  async () => {
    const points = await frame.points()();
    if (isLeft(points)) return points;
    const source = frame.id;
    const scan = voxelize(points.right, grid, { source });
    if (isLeft(scan)) return scan;
    const found = await predictPoints(network, points.right, scan.right, grid, {
      views,
      source,
      ...options,
    })();
    return map(({ points: classes }: { readonly points: Uint8Array }) => classes)(found);
  };
