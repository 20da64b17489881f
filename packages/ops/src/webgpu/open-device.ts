/// <reference types="@webgpu/types" />
import { nodeAdapterNames, nodeGpu } from '../engine/node-webgpu.js';
import { isOn, setting } from '../engine/setting.js';
import { reasonOf } from '../engine/try-backend.js';
import type { WebGpuAdapter } from './adapter-types.js';
import { describeAdapter, matrixFeature, wantedFeatures } from './describe-adapter.js';

const host = globalThis as { navigator?: { gpu?: GPU } };

/** The browser's WebGPU, or Dawn in Node; a string says why there is none. tfjs looks for it at `navigator.gpu`. */
const openGpu = async (adapter: string): Promise<GPU | string> => {
  if (host.navigator?.gpu && !adapter) return host.navigator.gpu;
  const gpu = await nodeGpu(adapter);
  if (typeof gpu === 'string') return host.navigator?.gpu ?? gpu;
  if (!host.navigator) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  if (!host.navigator!.gpu) Object.defineProperty(host.navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
};

/** A device that this package opened, with its adapter. */
export interface OpenedDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  readonly adapter: WebGpuAdapter;
}

/**
 * Opens a device with the adapter's own limits. NERFSEG_ADAPTER chooses: 'low-power', 'high-performance' (the default), or in
 * Node part of an adapter's name. NERFSEG_WITHOUT_FEATURES names optional features to do without, with commas between;
 * NERFSEG_SUBGROUP_MATRICES, set to anything but 0, asks for the experimental one. NERFSEG_DAWN_FEATURES names switches of Dawn's own to
 * turn on, with commas between (in Node, read once). A string says why there is no device.
 */
export const openDevice = async (): Promise<OpenedDevice | string> => {
  const wanted = setting('NERFSEG_ADAPTER') ?? 'high-performance';
  const isPreference = wanted === 'low-power' || wanted === 'high-performance';
  const gpu = await openGpu(isPreference ? '' : wanted);
  if (typeof gpu === 'string') return gpu;
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter(isPreference ? { powerPreference: wanted } : {});
  } catch (problem) {
    const names = (await nodeAdapterNames()).map(({ name }) => `'${name}'`);
    return isPreference
      ? reasonOf(problem)
      : `no adapter is named '${wanted}' (NERFSEG_ADAPTER); found ${names.join(', ') || 'none'}`;
  }
  if (!adapter)
    return 'WebGPU found no adapter: it needs a GPU with its driver, and on Linux a Vulkan loader (libvulkan1)';
  const without = setting('NERFSEG_WITHOUT_FEATURES')?.split(',') ?? [];
  const wantsMatrices = isOn('NERFSEG_SUBGROUP_MATRICES');
  const requiredFeatures = [...wantedFeatures, ...(wantsMatrices ? [matrixFeature] : [])].filter(
    (feature) => adapter.features.has(feature) && !without.includes(feature),
  );
  const limits = [
    'maxBufferSize',
    'maxStorageBufferBindingSize',
    'maxComputeWorkgroupStorageSize',
    'maxComputeWorkgroupsPerDimension',
    'maxComputeWorkgroupSizeX',
    'maxComputeInvocationsPerWorkgroup',
  ] as const;
  const requiredLimits = Object.fromEntries(limits.map((name) => [name, adapter.limits[name]]));
  try {
    const device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
    const described = { ...describeAdapter(adapter, '', ''), features: requiredFeatures };
    return { device, info: adapter.info, adapter: described };
  } catch (problem) {
    return `the adapter '${adapter.info.description}' gives no device: ${reasonOf(problem)}`;
  }
};
