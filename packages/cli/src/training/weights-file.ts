import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ImportedNetwork,
  type Network,
  openNetwork,
  saveImported,
  saveNetwork,
} from '@nerfseg/backbone';
import { type CylindricalGrid, cellsOf, type DataError, dataError } from '@nerfseg/geometry';
import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { z } from 'zod';
import { checked } from '../config/checked.js';

/** The network that scored best while the run validated. */
export const bestWeightsFile = (run: string): string => join(run, 'best.safetensors');

/** Where a run keeps its network. */
export const weightsFile = (run: string): string => join(run, 'weights.safetensors');

const pair = z.tuple([z.number(), z.number()]);
const gridSchema: z.ZodType<CylindricalGrid> = z
  .strictObject({
    rho: pair,
    phi: pair,
    z: pair,
    shape: z.tuple([z.number(), z.number(), z.number()]),
    interval: z.enum(['plain', 'released']).default('plain'),
    wrapAzimuth: z.boolean().default(false),
  })
  .superRefine((grid, context) => {
    try {
      cellsOf(grid);
    } catch (problem) {
      context.addIssue({
        code: 'custom',
        message: problem instanceof Error ? problem.message : String(problem),
      });
    }
  })
  .readonly();

/** Saves a network with its grid: both are needed to use it. */
export const saveRunWeights = (
  file: string,
  network: Network,
  grid: CylindricalGrid,
): TaskEither<DataError, void> => saveNetwork(file, network, { grid: JSON.stringify(grid) });

/** Saves an imported network with its grid, so that {@link openRunWeights} opens the file. */
export const saveImportedWeights = (
  file: string,
  imported: ImportedNetwork,
  grid: CylindricalGrid,
): TaskEither<DataError, void> => saveImported(file, imported, { grid: JSON.stringify(grid) });

/** A trained network and the grid that its scans are cut into. */
export interface RunWeights {
  readonly network: Network;
  readonly grid: CylindricalGrid;
}

/** Opens what {@link saveRunWeights} wrote: a run's folder, or the file itself. */
export const openRunWeights =
  (path: string): TaskEither<DataError, RunWeights> =>
  async () => {
    const file = existsSync(path) && statSync(path).isDirectory() ? weightsFile(path) : path;
    if (!existsSync(file))
      return left(
        dataError(
          'missing-file',
          file,
          'weights',
          'nothing there',
          "a finished run's weights",
          'nerfseg train writes them.',
        ),
      );
    const opened = await openNetwork(file)();
    if (isLeft(opened)) return opened;
    const { network, metadata } = opened.right;
    let grid: unknown;
    try {
      grid = JSON.parse(metadata.grid ?? 'null');
    } catch {
      grid = null;
    }
    const known = checked(gridSchema, grid, () => `${file}: grid`);
    return isLeft(known) ? known : right({ network, grid: known.right });
  };
