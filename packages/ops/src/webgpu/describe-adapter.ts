/// <reference types="@webgpu/types" />
import type { WebGpuAdapter } from './adapter-types.js';

/** Optional features that are asked for where the adapter has them. Nothing depends on them. */
export const wantedFeatures = ['shader-f16', 'subgroups', 'timestamp-query'] as readonly GPUFeatureName[];

/** Experimental: asked for only where NERFSEG_SUBGROUP_MATRICES is on. */
export const matrixFeature = 'chromium-experimental-subgroup-matrix' as GPUFeatureName;

const softwareNames = /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i;

/** What is known about an adapter. */
export const describeAdapter = (adapter: GPUAdapter, backend: string, name: string): WebGpuAdapter => {
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
