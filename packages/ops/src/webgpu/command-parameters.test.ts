import { beforeAll, describe, expect, it } from '@jest/globals';
import { CommandParameters, parameterBytes } from './command-parameters.js';

describe('CommandParameters', () => {
  beforeAll(() => {
    Object.assign(globalThis, { GPUBufferUsage: { UNIFORM: 64, COPY_DST: 8 } });
  });

  it('sends what was kept since the last time, each dispatch at its offset', () => {
    const sent: ArrayBuffer[] = [];
    const device = {
      createBuffer: () => ({}),
      queue: {
        writeBuffer: (_: unknown, to: number, data: ArrayBuffer, from: number, size: number) => {
          expect([to, from]).toEqual([0, 0]);
          sent.push(data.slice(0, size));
        },
      },
    } as unknown as GPUDevice;
    const parameters = new CommandParameters(device);
    parameters.hand();
    expect(sent).toHaveLength(0);
    expect(parameters.add(['u32', 'i32', 'f32'], [7, -3, 0.5])).toBe(0);
    expect(parameters.add(['u32'], [9])).toBe(parameterBytes);
    parameters.hand();
    expect(sent[0]!.byteLength).toBe(2 * parameterBytes);
    const view = new DataView(sent[0]!);
    expect([view.getUint32(0, true), view.getInt32(4, true), view.getFloat32(8, true)]).toEqual([7, -3, 0.5]);
    expect(view.getUint32(parameterBytes, true)).toBe(9);
    expect(parameters.add(['u32'], [1])).toBe(0);
    for (let n = 1; n < 64; n++) {
      expect(parameters.isFull).toBe(false);
      parameters.add(['u32'], [n]);
    }
    expect(parameters.isFull).toBe(true);
  });
});
