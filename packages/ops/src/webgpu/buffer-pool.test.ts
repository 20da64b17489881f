import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BufferPool, pooledSize } from './buffer-pool.js';

interface FakeBuffer {
  readonly size: number;
  readonly usage: number;
  destroyed: boolean;
}

const pool = (): { pool: BufferPool; made: FakeBuffer[] } => {
  const made: FakeBuffer[] = [];
  const device = {
    createBuffer: ({ size, usage }: { size: number; usage: number }) => {
      const buffer = { size, usage, destroyed: false, destroy: () => {} };
      buffer.destroy = () => {
        buffer.destroyed = true;
      };
      made.push(buffer);
      return buffer;
    },
  };
  return { pool: new BufferPool(device as unknown as GPUDevice, 2 ** 20), made };
};

const storage = 128;

describe('BufferPool', () => {
  it('rounds sizes up by a quarter at most, to multiples of 16, and never beyond the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 2 ** 20 }), (bytes) => {
        const size = pooledSize(bytes, 2 ** 20);
        expect(size).toBeGreaterThanOrEqual(bytes);
        expect(size % 16).toBe(0);
        expect(size).toBeLessThanOrEqual(Math.max(256, bytes * 1.25));
        expect(size).toBeLessThanOrEqual(2 ** 20);
        expect(pooledSize(size, 2 ** 20)).toBe(size);
      }),
    );
    expect(pooledSize(900_001, 900_008)).toBe(900_016);
  });

  it('serves a request with a freed buffer of about the size and the same usage', () => {
    const { pool: buffers, made } = pool();
    const first = buffers.acquireBuffer(100_000, storage);
    expect(buffers.numBytesUsed).toBe(first.size);
    buffers.releaseBuffer(first);
    expect(buffers.numBytesUsed).toBe(0);
    expect(buffers.acquireBuffer(99_000, storage)).toBe(first);
    expect(buffers.acquireBuffer(99_000, storage)).not.toBe(first);
    buffers.releaseBuffer(first);
    expect(buffers.acquireBuffer(99_000, storage | 4)).not.toBe(first);
    expect(made).toHaveLength(3);
    expect([buffers.getNumUsedBuffers(), buffers.getNumFreeBuffers()]).toEqual([2, 1]);
  });

  it('makes what is not to be reused as large as asked, and destroys it', () => {
    const { pool: buffers, made } = pool();
    const buffer = buffers.acquireBuffer(100_004, storage, true, false);
    expect(buffer.size).toBe(100_004);
    buffers.releaseBuffer(buffer, false);
    expect(made[0]!.destroyed).toBe(true);
    expect(buffers.numBytesAllocated).toBe(0);
  });

  it('keeps half as much again as was ever in use, and gives back what waited longest', () => {
    const { pool: buffers, made } = pool();
    buffers.idleBytes = 0;
    const sizes = [2 ** 16, 2 ** 17, 2 ** 18];
    for (const size of sizes) {
      const buffer = buffers.acquireBuffer(size, storage);
      buffers.releaseBuffer(buffer);
      buffers.trim();
    }
    // At most 2^18 were in use at a time: 1.5 times as much may stay, and all three are more.
    expect(made.map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
    expect(buffers.numBytesAllocated).toBe(2 ** 17 + 2 ** 18);
    buffers.idleBytes = 2 ** 20;
    buffers.releaseBuffer(buffers.acquireBuffer(2 ** 16, storage));
    buffers.trim();
    expect(buffers.getNumFreeBuffers()).toBe(3);
  });

  it('forgets everything when it is disposed, also what is freed afterwards', () => {
    const { pool: buffers, made } = pool();
    const [used, free] = [buffers.acquireBuffer(1000, storage), buffers.acquireBuffer(2000, storage)];
    buffers.releaseBuffer(free);
    buffers.dispose();
    buffers.releaseBuffer(used);
    expect(made.every(({ destroyed }) => destroyed)).toBe(true);
    expect([buffers.numBytesUsed, buffers.numBytesAllocated]).toEqual([0, 0]);
  });
});
