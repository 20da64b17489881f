// Runs jest for the package in the current folder and leaves its totals in .jest-results.json.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const jest = require.resolve('jest/bin/jest');
const result = spawnSync(
  process.execPath,
  [
    '--max-old-space-size=6144',
    jest,
    '--json',
    '--outputFile=.jest-results.json',
    '--testLocationInResults=false',
    '--maxWorkers=2',
    '--passWithNoTests',
    ...process.argv.slice(2),
  ],
  { stdio: ['inherit', 'ignore', 'inherit'] },
);
process.exit(result.status ?? 1);
