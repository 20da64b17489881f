import { describe, expect, it } from '@jest/globals';
import { BindGroups } from './bind-groups.js';

const buffer = (): GPUBuffer => ({}) as GPUBuffer;
const layouts = [{}, {}] as unknown as readonly GPUBindGroupLayout[];

describe('BindGroups', () => {
  it('makes a group once for a layout, buffers and parts of them', () => {
    let made = 0;
    const device = { createBindGroup: () => ({ number: made++ }) } as unknown as GPUDevice;
    const groups = new BindGroups(device);
    const [a, b, parameters] = [buffer(), buffer(), buffer()];
    const whole = { buffer: a, size: 4 };
    const first = groups.of(layouts[0]!, [whole, { buffer: b, size: 8 }], parameters);
    expect(
      groups.of(
        layouts[0]!,
        [
          { buffer: a, size: 12 },
          { buffer: b, size: 8 },
        ],
        parameters,
      ),
    ).toBe(first);
    expect(groups.of(layouts[1]!, [whole, { buffer: b, size: 8 }], parameters)).not.toBe(first);
    expect(groups.of(layouts[0]!, [{ buffer: b, size: 8 }, whole], parameters)).not.toBe(first);
    const part = groups.of(
      layouts[0]!,
      [
        { ...whole, offset: 0 },
        { buffer: b, size: 8 },
      ],
      parameters,
    );
    expect(part).not.toBe(first);
    expect(
      groups.of(
        layouts[0]!,
        [
          { buffer: a, offset: 0, size: 8 },
          { buffer: b, size: 8 },
        ],
        parameters,
      ),
    ).not.toBe(part);
    expect(made).toBe(5);
  });
});
