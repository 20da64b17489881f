/// <reference types="@webgpu/types" />
import { nodeAdapterNames, nodeGpu } from '../engine/node-webgpu.js';
import { setting } from '../engine/setting.js';
import { reasonOf } from '../engine/try-backend.js';

/** A GPU, or a program that stands in for one, as WebGPU describes it. */
export interface WebGpuAdapter {
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  /** What WebGPU runs on: vulkan, metal, d3d12; empty where a browser does not say. */
  readonly backend: string;
  /** Computed by the CPU (SwiftShader, llvmpipe): right, and slow. */
  readonly software: boolean;
  /** Bytes. */
  readonly maxBufferSize: number;
  /** Bytes: the largest tensor. */
  readonly maxStorageBufferBindingSize: number;
  readonly maxComputeWorkgroupStorageSize: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  /** The optional features that nerfseg asks for where they are there. */
  readonly features: readonly string[];
}

/** Optional features that are asked for where the adapter has them. Nothing depends on them. */
const wantedFeatures = ['shader-f16', 'subgroups', 'timestamp-query'] as readonly GPUFeatureName[];

const softwareNames = /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i;

/** What is known about an adapter. */
const describeAdapter = (adapter: GPUAdapter, backend: string, name: string): WebGpuAdapter => {
  const { info, limits, features } = adapter;
  const label = name || info.description || info.device || info.vendor || 'unnamed';
  return {
    name: label,
    vendor: info.vendor,
    architecture: info.architecture,
    backend,
    software: info.isFallbackAdapter || softwareNames.test(`${label} ${info.architecture} ${info.device}`),
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    features: wantedFeatures.filter((feature) => features.has(feature)),
  };
};

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

/** A device that this package opened, with its adapter. */
export interface OpenedDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  readonly adapter: WebGpuAdapter;
}

/**
 * Opens a device with the adapter's own limits. NERFSEG_ADAPTER chooses: 'low-power', 'high-performance' (the default), or in
 * Node part of an adapter's name. A string says why there is none.
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
  const requiredFeatures = wantedFeatures.filter((feature) => adapter.features.has(feature));
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
    return { device, info: adapter.info, adapter: describeAdapter(adapter, '', '') };
  } catch (problem) {
    return `the adapter '${adapter.info.description}' gives no device: ${reasonOf(problem)}`;
  }
};
