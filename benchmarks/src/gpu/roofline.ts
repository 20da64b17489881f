/// <reference types="@webgpu/types" />
import type { Clock } from './clock.js';
import type { Gpu } from './device.js';

/** What the device can do at most, measured in this run. */
export interface Roofline {
  /** Float32 multiply-adds without memory, GFLOP/s (2 per multiply-add). */
  readonly gflops: number;
  /** Reading and writing a large buffer, GB/s (both ways counted). */
  readonly gigabytes: number;
  readonly copiedBytes: number;
}

// 32 chains of dependent multiply-adds a thread; what they end in is written, so that no compiler leaves them out.
const chains = 8;
const unrolled = 4;
const products = `
struct Params { rounds: u32, factor: f32, summand: f32 }
@group(0) @binding(0) var<storage, read_write> sums: array<f32>;
@group(0) @binding(1) var<uniform> params: Params;
@compute @workgroup_size(256) fn main(@builtin(global_invocation_id) id: vec3u) {
  let factor = vec4f(params.factor);
  let summand = vec4f(params.summand);
  ${Array.from({ length: chains }, (_, n) => `var v${n} = vec4f(f32(id.x) * 1e-9 + ${n}.0);`).join(' ')}
  for (var round = 0u; round < params.rounds; round++) {
    ${Array.from({ length: unrolled }, () =>
      Array.from({ length: chains }, (_, n) => `v${n} = fma(v${n}, factor, summand);`).join(' '),
    ).join('\n    ')}
  }
  let sum = ${Array.from({ length: chains }, (_, n) => `v${n}`).join(' + ')};
  sums[id.x] = dot(sum, vec4f(1.0));
}`;

const copy = `
@group(0) @binding(0) var<storage, read_write> to: array<vec4f>;
@group(0) @binding(1) var<storage, read> source: array<vec4f>;
@compute @workgroup_size(256) fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * 1024u + lane;
  to[first] = source[first];
  to[first + 256u] = source[first + 256u];
  to[first + 512u] = source[first + 512u];
  to[first + 768u] = source[first + 768u];
}`;

const dispatcher = (
  { device }: Gpu,
  code: string,
  buffers: readonly GPUBuffer[],
  groups: number,
): (() => void) => {
  const module = device.createShaderModule({ code });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups);
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
};

const best = (timing: { ms: number; gpuMs?: number }): number =>
  Math.min(timing.ms, timing.gpuMs ?? timing.ms);

/** Measures both ceilings with two small programs. By the device's own clock where it has one. */
export const measureRoofline = async (gpu: Gpu, clock: Clock, quick: boolean): Promise<Roofline> => {
  const { device } = gpu;
  const { STORAGE, UNIFORM, COPY_DST } = GPUBufferUsage;
  const groups = quick ? 16 : 16384;
  const rounds = quick ? 64 : 512;
  const sums = device.createBuffer({ size: groups * 256 * 4, usage: STORAGE });
  const params = device.createBuffer({ size: 16, usage: UNIFORM | COPY_DST });
  const values = new ArrayBuffer(16);
  new Uint32Array(values)[0] = rounds;
  new Float32Array(values).set([0.999, 0.001], 1);
  device.queue.writeBuffer(params, 0, values);
  const multiply = await clock.time(dispatcher(gpu, products, [sums, params], groups));
  const flop = groups * 256 * rounds * unrolled * chains * 4 * 2;

  // Larger than any cache; no larger than the device allows.
  const limit = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
  const bytes = quick ? 2 ** 22 : Math.min(2 ** 29, 2 ** Math.floor(Math.log2(limit)));
  const [to, from] = [0, 1].map(() => device.createBuffer({ size: bytes, usage: STORAGE })) as [
    GPUBuffer,
    GPUBuffer,
  ];
  const copied = await clock.time(dispatcher(gpu, copy, [to, from], bytes / 16 / 1024));
  for (const buffer of [sums, params, to, from]) buffer.destroy();
  return {
    gflops: flop / best(multiply.ours) / 1e6,
    gigabytes: (2 * bytes) / best(copied.ours) / 1e6,
    copiedBytes: bytes,
  };
};
