// Builds the C++ test driver with sanitizers and runs it: `npm run sanitize`. Lanes: AddressSanitizer with
// UndefinedBehaviorSanitizer, ThreadSanitizer. Give a lane's name to run it alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const compiler = process.env.CXX || 'c++';

const lanes = {
  address: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
  thread: ['-fsanitize=thread'],
};

const isaFlags =
  process.arch === 'x64'
    ? {
        'isa_avx512.cpp': ['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mavx2', '-mfma'],
        'isa_avx2.cpp': ['-mavx2', '-mfma'],
        'isa_scalar.cpp': [],
      }
    : { 'isa_neon.cpp': [], 'isa_scalar.cpp': [] };

const shared = readdirSync(join(folder, 'src')).filter((name) => /^(?!isa_).*\.cpp$/.test(name));

const run = (command, args) => {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  return status === 0;
};

const lane = (name, flags) => {
  const out = mkdtempSync(join(tmpdir(), 'nerfseg-sanitize-'));
  const common = ['-std=gnu++17', '-O1', '-g', '-pthread', '-ffp-contract=fast', ...flags];
  try {
    const units = [
      ...Object.entries(isaFlags).map(([file, own]) => [join(folder, 'src', file), own]),
      ...shared.map((file) => [join(folder, 'src', file), []]),
      [join(folder, 'test/driver.cpp'), []],
    ];
    const objects = units.map((_, i) => join(out, `${i}.o`));
    const built = units.every(([file, own], i) =>
      run(compiler, [...common, ...own, '-c', file, '-o', objects[i]]),
    );
    const binary = join(out, 'driver');
    const passed = built && run(compiler, [...common, ...objects, '-o', binary]) && run(binary, []);
    console.log(`${name}: ${passed ? 'passed' : 'FAILED'}`);
    return passed;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};

console.log(`sanitizers with ${compiler}, ${availableParallelism()} cores`);
const wanted = process.argv.slice(2);
const results = Object.entries(lanes)
  .filter(([name]) => wanted.length === 0 || wanted.includes(name))
  .map(([name, flags]) => lane(name, flags));
process.exit(results.every(Boolean) ? 0 : 1);
