// `npm run bench [-- PACKAGE ...] [--json FILE]`: the benchmark suites, all or some.
import { mustRun, setup } from './setup.mjs';

setup();
mustRun(process.execPath, ['benchmarks/dist/main.js', ...process.argv.slice(2)]);
