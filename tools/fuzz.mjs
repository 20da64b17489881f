// `npm run fuzz [-- --cases N] [--from N] [--seed TEXT] [--json FILE]`: damages every file that is read; 10,000 cases
// unless told.
import { mustRun, setup } from './setup.mjs';

setup();
mustRun(process.execPath, ['fuzz/dist/main.js', ...process.argv.slice(2)]);
