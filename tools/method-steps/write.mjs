// Writes the fixtures that the methods of @nerfseg/ssl are tested with: one training step of each, computed by PyTorch.
//
//   npm run setup && node tools/method-steps/write.mjs [python3 [METHOD ...]]
//
// The inputs (weights, planned scans, labels, rays) are the tests' own, drawn from fixed seeds; method_steps.py computes
// teachers, losses and gradients from them, in double precision. Needs PyTorch (Debian: python3-torch).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ssl = path.join(root, 'packages/ssl');
const load = (file) => import(pathToFileURL(path.join(ssl, 'dist', file)).href);
const { caseArrays, inputDigest } = await load('testing/case-arrays.js');
const { methodCase, disposeCase } = await load('testing/method-case.js');
const { methodNames } = await load('index.js');
const require = createRequire(path.join(ssl, 'package.json'));
await import(pathToFileURL(require.resolve('@tensorflow/tfjs-backend-cpu')).href);
const tf = await import(pathToFileURL(require.resolve('@tensorflow/tfjs-core')).href);
await (tf.setBackend ?? tf.default.setBackend)('cpu');

const [python = 'python3', ...chosen] = process.argv.slice(2);
for (const method of chosen.length > 0 ? chosen : methodNames) {
  const folder = mkdtempSync(path.join(tmpdir(), 'nerfseg-step-'));
  try {
    const one = await methodCase(method);
    const arrays = caseArrays(one);
    const listed = Object.entries(arrays).map(([name, { values, shape }], i) => {
      writeFileSync(path.join(folder, `${i}.raw`), values);
      const dtype = { Float32Array: 'float32', Int32Array: 'int32', Uint8Array: 'uint8' }[
        values.constructor.name
      ];
      return { name, shape, dtype, file: `${i}.raw` };
    });
    const { settings, ramp, scans } = one;
    const kinds = scans.map(({ kind }) => kind);
    writeFileSync(
      path.join(folder, 'case.json'),
      JSON.stringify({ method, settings, ramp, kinds, arrays: listed }),
    );
    const script = fileURLToPath(new URL('method_steps.py', import.meta.url));
    const run = spawnSync(python, [script, folder], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.status !== 0) throw new Error(`${method}: ${run.stderr || run.error}`);
    const fixture = { inputs: inputDigest(arrays), ...JSON.parse(run.stdout) };
    writeFileSync(
      path.join(ssl, 'src/testing/fixtures', `${method}.json`),
      `${JSON.stringify(fixture).replaceAll('},"', '},\n"')}\n`,
    );
    console.log(method, fixture.losses);
    disposeCase(one);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
