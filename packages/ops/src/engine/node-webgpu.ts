/// <reference types="@webgpu/types" />
import { existsSync, readdirSync } from 'node:fs';
import { isOn, setting } from './setting.js';
import { isMissing, reasonOf } from './try-backend.js';

// A variable, because the package is an optional dependency that TypeScript need not find.
const packageName: string = 'webgpu';

// Without the first, Dawn clears workgroup memory in the program itself: SwiftShader takes seconds to compile a program otherwise.
// Without the second, timestamps are what the device says, not rounded to a tenth of a millisecond as for web pages.
const quietFlags = [
  'disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension,timestamp_quantization',
];

interface Dawn {
  create(flags: string[]): GPU;
  readonly globals: Record<string, unknown>;
}

/**
 * WebGPU in Node: Dawn, from npm `webgpu`. A string says why there is none.
 *
 * @param adapter part of an adapter's name; the empty string leaves the choice to Dawn.
 */
export const nodeGpu = async (adapter: string): Promise<GPU | string> => {
  try {
    const { create, globals } = (await import(packageName)) as Dawn;
    // Constants such as GPUBufferUsage, and the classes that tfjs tests instances of.
    for (const [name, value] of Object.entries(globals)) {
      if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true });
    }
    const flags = [...quietFlags];
    const toggles = setting('NERFSEG_DAWN_FEATURES')?.split(',') ?? [];
    // Dawn offers experimental features only where it is told so.
    if (isOn('NERFSEG_SUBGROUP_MATRICES')) toggles.push('allow_unsafe_apis');
    if (toggles.length > 0) flags.push(`enable-dawn-features=${toggles.join(',')}`);
    if (adapter) flags.push(`adapter=${adapter}`);
    return create(flags);
  } catch (problem) {
    if (isMissing(problem, packageName)) return `the package '${packageName}' (Dawn) is not installed`;
    return `the package '${packageName}' does not load: ${reasonOf(problem)}`;
  }
};

/**
 * Whether this machine may have a GPU: on Linux its driver makes device files. Asked before Dawn is loaded unasked, which takes
 * time and writes warnings of its own where there is no Vulkan.
 */
export const mayHaveGpu = (): boolean => {
  if (process.platform !== 'linux') return true;
  if (['/dev/nvidiactl', '/dev/dxg', '/dev/kgsl-3d0', '/dev/mali0'].some((file) => existsSync(file)))
    return true;
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
};

/** Names of all adapters that Dawn sees, with its own name of their backends: it lists them when asked for an unknown one. */
export const nodeAdapterNames = async (): Promise<{ backend: string; name: string }[]> => {
  const gpu = await nodeGpu('no adapter has this name');
  if (typeof gpu === 'string') return [];
  try {
    await gpu.requestAdapter();
    return [];
  } catch (problem) {
    const listed = String(problem).matchAll(/backend: '([^']*)', name: '([^']*)'/g);
    return [...listed].map(([, backend, name]) => ({ backend, name }));
  }
};
