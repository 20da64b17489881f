// `npm test`: install, build (which type-checks sources and tests), lint, every package's tests, the README examples.
// Ends with one line that counts them all.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runReadmeExamples } from './readme-examples.mjs';
import { binary, environment, mustRun, root, setup, workspaceFolders } from './setup.mjs';

const headline = (text) => console.log(`\n== ${text}`);

headline('install and build');
setup();
headline('lint and format');
mustRun(binary('biome'), ['check', '.']);

headline('tests');
const packages = workspaceFolders().filter((folder) =>
  existsSync(path.join(root, folder, 'jest.config.mjs')),
);
for (const folder of packages) rmSync(path.join(root, folder, '.jest-results.json'), { force: true });
// One package after another: jest itself uses both cores, and benchmarks of memory stay meaningful.
const turbo = spawnSync(
  binary('turbo'),
  [
    'run',
    'test',
    '--concurrency=1',
    '--continue',
    '--output-logs=new-only',
    '--log-order=stream',
    '--log-prefix=none',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: environment,
  },
);

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const folder of packages) {
  const file = path.join(root, folder, '.jest-results.json');
  if (!existsSync(file)) {
    console.error(`${folder}: the test run left no results`);
    totals.failed += 1;
    continue;
  }
  const result = JSON.parse(readFileSync(file, 'utf8'));
  // A test file that cannot even load has no failed tests of its own: it counts as one.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  console.log(
    `${folder}: ${result.numPassedTests} passed, ${failed} failed, ${result.numPendingTests} skipped`,
  );
  totals.passed += result.numPassedTests;
  totals.failed += failed;
  totals.skipped += result.numPendingTests;
}
if (turbo.status !== 0 && totals.failed === 0) totals.failed += 1;

headline('README examples');
const examples = runReadmeExamples();
totals.passed += examples.passed;
totals.failed += examples.failed;

console.log(
  `\nTests: ${totals.passed} passed, ${totals.failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ''}`,
);
process.exitCode = totals.failed === 0 ? 0 : 1;
