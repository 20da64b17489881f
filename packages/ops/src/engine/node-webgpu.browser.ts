// What bundlers take instead of node-webgpu.ts (package.json, `browser`): a browser brings its own WebGPU.

export const nodeGpu = async (_adapter: string): Promise<GPU | string> => 'this browser has no WebGPU';

export const nodeAdapterNames = async (): Promise<{ backend: string; name: string }[]> => [];

export const mayHaveGpu = (): boolean => true;
