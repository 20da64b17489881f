import { selectEngine } from '@nerfseg/ops';
import { isLeft } from 'fp-ts/lib/Either.js';
import { unwrap } from './tiny-dataset.js';

/** Starts the native engine, or where it cannot be built tfjs's own: trainings of many steps take minutes there. Never a GPU's, for tests compare bits. */
export async function startCpuEngine(): Promise<void> {
  if (isLeft(await selectEngine('nerfseg-cpu'))) unwrap(await selectEngine('tfjs-cpu'));
}
