/// <reference types="@webgpu/types" />
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NerfsegWebGpuBackend, Pipeline } from './backend.js';
import { type ParameterType, parameterBytes } from './command-parameters.js';
import type { Resident } from './resident.js';

/** WGSL element type of a storage buffer. */
export type Element = 'f32' | 'i32' | 'u32' | 'vec2f' | 'vec2u' | 'vec4f' | 'atomic<u32>';

/** Extensions of WGSL that a program may need, each on devices with the feature behind it. */
export type Extension = 'f16' | 'subgroups' | 'chromium_experimental_subgroup_matrix';

/** A compute program. Its WGSL sees every binding and `params` by name. */
export interface Program {
  readonly name: string;
  /** Buffers it reads, by name. */
  readonly reads: Readonly<Record<string, Element>>;
  /** Buffers it writes (and may read), by name. */
  readonly writes: Readonly<Record<string, Element>>;
  readonly params: Readonly<Record<string, ParameterType>>;
  /** Threads of a workgroup. */
  readonly workgroup: number;
  /** Default none. */
  readonly enables?: readonly Extension[];
  /**
   * WGSL: at least `fn main(group: u32, lane: u32)`, which every thread of every workgroup below `groups` calls. Programs that
   * multiply matrices by subgroups get the number of their subgroup as a third argument.
   */
  readonly code: string;
}

/** A program of one thread per item; its code has `fn each(index: u32)`. */
export const perItem = (program: Omit<Program, 'workgroup'>): Program => ({
  ...program,
  params: { ...program.params, items: 'u32' },
  workgroup: 64,
  code: `${program.code}
fn main(group: u32, lane: u32) {
  let index = group * 64u + lane;
  if (index < params.items) { each(index); }
}`,
});

export interface Run {
  readonly reads: Readonly<Record<string, TensorInfo | Resident>>;
  readonly writes: Readonly<Record<string, TensorInfo | Resident>>;
  readonly params?: Readonly<Record<string, number>>;
}

/** Most storage buffers of a program on every device (WebGPU's default limit). */
const storageBuffers = 8;

const source = ({ name, reads, writes, params, workgroup, enables = [], code }: Program): string => {
  const buffers = Object.entries(writes).map(([key, type]) => ['read_write', key, type]);
  buffers.push(...Object.entries(reads).map(([key, type]) => ['read', key, type]));
  if (buffers.length > storageBuffers) throw new Error(`${name}: ${buffers.length} storage buffers`);
  const declarations = buffers.map(
    ([access, key, type], n) => `@group(0) @binding(${n}) var<storage, ${access}> ${key}: array<${type}>;`,
  );
  const matrices = enables.includes('chromium_experimental_subgroup_matrix');
  const fields = [...Object.entries(params), ['groups', 'u32']].map(([key, type]) => `${key}: ${type},`);
  return `${enables.map((extension) => `enable ${extension};\n`).join('')}struct Params { ${fields.join(' ')} }
${declarations.join('\n')}
@group(0) @binding(${buffers.length}) var<uniform> params: Params;
${code}
@compute @workgroup_size(${workgroup})
fn start(@builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) count: vec3u, @builtin(local_invocation_index) lane: u32${matrices ? ', @builtin(subgroup_id) subgroup: u32' : ''}) {
  let group = (id.z * count.y + id.y) * count.x + id.x;
  if (group >= params.groups) { return; }
  main(group, lane${matrices ? ', subgroup' : ''});
}`;
};

const pipelines = new WeakMap<GPUDevice, Map<string, Pipeline>>();
const sources = new WeakMap<Program, string>();

const pipelineOf = (device: GPUDevice, program: Program): Pipeline => {
  let known = pipelines.get(device);
  if (!known) pipelines.set(device, (known = new Map()));
  let code = sources.get(program);
  if (code === undefined) sources.set(program, (code = source(program)));
  let pipeline = known.get(code);
  if (!pipeline) known.set(code, (pipeline = makePipeline(device, program, code)));
  return pipeline;
};

const makePipeline = (device: GPUDevice, program: Program, code: string): Pipeline => {
  const { name, reads, writes, params } = program;
  const types = [...Object.values(params), 'u32'] as const;
  if (types.length * 4 > parameterBytes) throw new Error(`${name}: ${types.length} parameters`);
  const buffers: GPUBufferBindingLayout[] = [
    ...Object.keys(writes).map(() => ({ type: 'storage' }) as const),
    ...Object.keys(reads).map(() => ({ type: 'read-only-storage' }) as const),
    { type: 'uniform', hasDynamicOffset: true },
  ];
  const layout = device.createBindGroupLayout({
    label: name,
    entries: buffers.map((buffer, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer })),
  });
  const pipeline = device.createComputePipeline({
    label: name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ code, label: name }), entryPoint: 'start' },
  });
  return { pipeline, layout, types };
};

/** Workgroups along x, y, z for `count` of them: a dimension has a limit (65,535 by default). */
export const foldGroups = (count: number, limit: number): [number, number, number] => {
  const x = Math.min(count, limit);
  const y = Math.min(Math.ceil(count / x), limit);
  return [x, y, Math.ceil(count / (x * y))];
};

const isTensor = (item: TensorInfo | Resident): item is TensorInfo => 'dataId' in item;

const placeholders = new WeakMap<NerfsegWebGpuBackend, readonly [Resident, Resident]>();

/** What an empty buffer is bound to: WebGPU has no bindings of no bytes. */
const placeholderOf = (gpu: NerfsegWebGpuBackend, written: boolean): Resident => {
  let both = placeholders.get(gpu);
  if (!both) {
    both = [gpu.allocateResident(16, 'placeholder'), gpu.allocateResident(16, 'placeholder')];
    placeholders.set(gpu, both);
  }
  return both[written ? 1 : 0];
};

/** Records a program over `groups` workgroups; nothing where there are none. */
export const runGroups = (gpu: NerfsegWebGpuBackend, program: Program, groups: number, run: Run): void => {
  if (groups === 0) return;
  const residentOf = (item: TensorInfo | Resident, written: boolean): Resident => {
    if (!isTensor(item)) return item;
    return item.shape.some((size) => size === 0) ? placeholderOf(gpu, written) : gpu.residentOf(item);
  };
  const buffers = [
    ...Object.keys(program.writes).map((key) => residentOf(run.writes[key], true)),
    ...Object.keys(program.reads).map((key) => residentOf(run.reads[key], false)),
  ];
  const parameters = Object.keys(program.params).map((key) => {
    const value = run.params?.[key];
    if (value === undefined) throw new Error(`${program.name}: no parameter ${key}`);
    return value;
  });
  parameters.push(groups);
  const limit = gpu.device.limits.maxComputeWorkgroupsPerDimension;
  gpu.dispatch(pipelineOf(gpu.device, program), buffers, parameters, foldGroups(groups, limit));
};

/** Records a program of one thread per item. */
export const runItems = (gpu: NerfsegWebGpuBackend, program: Program, items: number, run: Run): void =>
  runGroups(gpu, program, Math.ceil(items / program.workgroup), {
    ...run,
    params: { ...run.params, items },
  });
