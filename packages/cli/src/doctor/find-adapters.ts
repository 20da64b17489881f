import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WebGpuAdapter } from '@nerfseg/ops';

const question = `
  import { webGpuAdapters } from '@nerfseg/ops';
  console.log(JSON.stringify(await webGpuAdapters()));
  process.exit();`;

/**
 * What WebGPU could compute on, asked in a process of its own: Dawn and Vulkan's loader write warnings of theirs to the
 * terminal, and a broken driver may end the process that loads it. Empty where it does, or where there is no WebGPU.
 */
export function findAdapters(): readonly WebGpuAdapter[] {
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', question], {
    // This package's folder, from src and from dist alike: an evaluated module's imports are found from where it runs.
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 60_000,
  });
  if (status !== 0) return [];
  return JSON.parse(stdout) as WebGpuAdapter[];
}
