/// <reference types="@webgpu/types" />

import { parameterBytes } from './command-parameters.js';
import type { Resident } from './resident.js';

/** So many are kept; then they are made anew as they are needed. */
const most = 4096;

/** Bind groups by layout and buffers: a pool gives the same buffers to the same programs again and again. */
export class BindGroups {
  private readonly device: GPUDevice;
  private readonly known = new Map<string, GPUBindGroup>();
  private readonly numbers = new WeakMap<object, number>();
  private numbered = 0;

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /** The group of these buffers, the parameters last. */
  of(layout: GPUBindGroupLayout, buffers: readonly Resident[], parameters: GPUBuffer): GPUBindGroup {
    let key = `${this.numberOf(layout)}`;
    for (const { buffer, offset, size } of buffers)
      key +=
        offset === undefined ? ` ${this.numberOf(buffer)}` : ` ${this.numberOf(buffer)}:${offset}:${size}`;
    let group = this.known.get(key);
    if (group) return group;
    if (this.known.size === most) this.known.clear();
    group = this.device.createBindGroup({
      layout,
      entries: [
        ...buffers.map(({ buffer, offset, size }, binding) => ({
          binding,
          resource: offset === undefined ? { buffer } : { buffer, offset, size },
        })),
        { binding: buffers.length, resource: { buffer: parameters, offset: 0, size: parameterBytes } },
      ],
    });
    this.known.set(key, group);
    return group;
  }

  private numberOf(item: object): number {
    let number = this.numbers.get(item);
    if (number === undefined) this.numbers.set(item, (number = this.numbered++));
    return number;
  }
}
