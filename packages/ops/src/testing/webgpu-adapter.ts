import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const probe = `const dawn = await import(process.argv[1]);
const adapter = await (dawn.create ?? dawn.default.create)([]).requestAdapter();
console.log(adapter ? 'adapter: ' + adapter.info.description : 'no adapter');
process.exit(0);`;

/**
 * Why there is nothing to test WebGPU on, or undefined where an adapter exists: a GPU, or SwiftShader (Debian: chromium and
 * libvulkan1). In a process of its own, because tests are skipped before anything may be awaited.
 */
export const whyNoAdapter = (): string | undefined => {
  let entry: string;
  try {
    entry = createRequire(__filename).resolve('webgpu');
  } catch {
    return "the package 'webgpu' is not installed";
  }
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', probe, pathToFileURL(entry).href],
    { encoding: 'utf8', timeout: 30000 },
  );
  if (status === 0 && stdout.includes('adapter: ')) return undefined;
  return `no WebGPU adapter (${stdout.trim() || stderr.trim().split('\n')[0]})`;
};
