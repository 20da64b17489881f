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
