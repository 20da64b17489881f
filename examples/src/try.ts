import { methodNames } from '@nerfseg/ssl';
import { execute } from './runner/execute.js';
import { script } from './runner/study.js';

await script(
  'try',
  'Every method for three steps on a tiny world: whether an engine and a machine work; it says nothing of the methods.',
  [],
  async ({ context, dryRun }) => {
    const specs = methodNames.map((method) => ({ method, dataset: 'tiny', fraction: 50, seed: 0 }) as const);
    await execute(specs, context, { dryRun });
  },
);
