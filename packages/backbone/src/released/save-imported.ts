import type { DataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { saveSafetensors } from '../save-safetensors.js';
import type { ImportedNetwork } from './import-cylinder3d.js';

/** Saves an imported network as `saveNetwork` would: `openNetwork` opens it. No tensor library is needed. */
export const saveImported = (
  path: string,
  { config, tensors }: Pick<ImportedNetwork, 'config' | 'tensors'>,
  metadata: Readonly<Record<string, string>> = {},
): TaskEither<DataError, void> =>
  saveSafetensors(path, tensors, { ...metadata, cylinder3d: JSON.stringify(config) });
