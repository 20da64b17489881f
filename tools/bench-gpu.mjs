// `npm run bench:gpu [-- --quick] [--json FILE]`: the WebGPU engine on this machine's GPU.
import { mustRun, setup } from './setup.mjs';

setup();
mustRun(process.execPath, ['benchmarks/dist/gpu/main.js', ...process.argv.slice(2)]);
