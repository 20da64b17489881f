import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.js';
import { type RunSpec, runId, trainedAs } from './spec.js';

type Work = Pick<Context, 'work'>;

/** Where a run's network is trained, and kept. */
export const runFolder = ({ work }: Work, spec: RunSpec): string =>
  join(work, 'runs', runId(trainedAs(spec)));

/** The network, once it is trained. */
export const weightsFile = (context: Work, spec: RunSpec): string =>
  join(runFolder(context, spec), 'weights.safetensors');

/** Whether a run's network is here. Its result may be while the network is not: on another machine, or removed for its size. */
export const hasNetwork = (context: Work, spec: RunSpec): boolean => existsSync(weightsFile(context, spec));
