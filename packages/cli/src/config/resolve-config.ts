import { resolve } from 'node:path';
import type { DataError } from '@nerfseg/geometry';
import { type Either, isLeft, map, right } from 'fp-ts/lib/Either.js';
import { checked } from './checked.js';
import { emptyLayer, type Layer, layerOf, originOf, overlay } from './layers.js';
import { readConfigFile } from './read-config-file.js';
import { type RunConfig, runConfig } from './run-config.js';

/** What the command line says of a run. */
export interface ConfigFlags {
  readonly config?: string;
  readonly set?: readonly (readonly [path: string, value: unknown])[];
  readonly method?: string;
  readonly steps?: number;
  readonly width?: number;
  readonly pointWidths?: readonly number[];
  readonly grid?: readonly [number, number, number];
  readonly seed?: number;
  readonly preset?: string;
  readonly model?: string | Readonly<{ encoder: string; decoder: string }>;
  readonly prompts?: string;
  readonly threads?: number;
  readonly inFlight?: number;
}

/**
 * The configuration of a run: the file and what it extends, over that `--set`, over that the other options.
 *
 * @param base what all of these come over.
 */
export async function resolveConfig(
  flags: ConfigFlags,
  base: Layer = emptyLayer,
): Promise<Either<DataError, RunConfig>> {
  const file = flags.config === undefined ? right(emptyLayer) : await readConfigFile(flags.config);
  if (isLeft(file)) return file;
  const { set = [], method, steps, width, pointWidths, grid, seed } = flags;
  const { preset, model, prompts, threads, inFlight } = flags;
  const named = typeof model === 'string';
  const layer = overlay(
    overlay(base, file.right),
    layerOf([
      ...set.map(([path, value]) => [path, value, `--set ${path}`] as const),
      ['training.method', method, '--method'],
      ['training.steps', steps, '--steps'],
      ['network.width', width, '--width'],
      ['network.pointWidths', pointWidths, '--point-widths'],
      ['grid.shape', grid, '--grid'],
      ['seed', seed, '--seed'],
      ['masks.preset', preset, '--preset'],
      ['masks.model', named ? model : undefined, '--model'],
      ['masks.weights', named ? undefined : model, '--model'],
      ['masks.prompts', prompts, '--prompts'],
      ['masks.threads', threads, '--threads'],
      ['masks.inFlight', inFlight, '--in-flight'],
    ]),
  );
  const config = checked(runConfig, layer.value, (path) =>
    originOf(layer, path, flags.config ?? 'configuration'),
  );
  return map(fromAnywhere)(config);
}

/** A run keeps its configuration, and may go on in another working folder. */
const fromAnywhere = ({ masks, ...config }: RunConfig): RunConfig => {
  const { weights } = masks;
  if (!weights) return { ...config, masks };
  const { encoder, decoder } = weights;
  return {
    ...config,
    masks: { ...masks, weights: { encoder: resolve(encoder), decoder: resolve(decoder) } },
  };
};
