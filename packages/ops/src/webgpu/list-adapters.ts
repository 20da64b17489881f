import { nodeAdapterNames, nodeGpu } from '../engine/node-webgpu.js';
import type { WebGpuAdapter } from './adapter-types.js';
import { describeAdapter } from './describe-adapter.js';

const host = globalThis as { navigator?: { gpu?: GPU } };

/**
 * All adapters that can be told apart: in Node every one that Dawn sees, in a browser the two that it offers by power
 * preference. Empty where there is no WebGPU.
 */
export const webGpuAdapters = async (): Promise<readonly WebGpuAdapter[]> => {
  const found: WebGpuAdapter[] = [];
  const names = await nodeAdapterNames();
  for (const { name, backend } of names) {
    const gpu = await nodeGpu(name);
    const adapter = typeof gpu === 'string' ? null : await gpu.requestAdapter().catch(() => null);
    if (adapter) found.push(describeAdapter(adapter, backend, name));
  }
  if (names.length > 0 || !host.navigator?.gpu) return found;
  for (const powerPreference of ['high-performance', 'low-power'] as const) {
    const adapter = await host.navigator.gpu.requestAdapter({ powerPreference });
    const described = adapter && describeAdapter(adapter, '', '');
    if (described && !found.some(({ name }) => name === described.name)) found.push(described);
  }
  return found;
};
