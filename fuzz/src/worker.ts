// Runs the cases that the supervisor names, one after the other; it is killed when one takes too long.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { runCase } from './run-case.js';
import { makeSandbox, type Sandbox } from './sandbox.js';
import { targets } from './targets/index.js';
import { watchFiles } from './watch-files.js';

const [base, seed] = process.argv.slice(2);
process.env.NERFSEG_CACHE = path.join(base, 'cache');
const takePaths = watchFiles();
const sandboxes = new Map<number, Sandbox>();
const tell = (message: object): void => void process.send?.(message);

process.on('message', async (number: number) => {
  const t = number % targets.length;
  let sandbox = sandboxes.get(t);
  if (!sandbox) {
    mkdirSync(path.join(base, String(t)), { recursive: true });
    sandbox = await makeSandbox(path.join(base, String(t)), targets[t]);
    sandboxes.set(t, sandbox);
  }
  const started = (file: string, mutation: string): void => tell({ started: { file, mutation } });
  tell({ result: await runCase(number, seed, targets[t], sandbox, takePaths, started) });
});
tell({ ready: true });
