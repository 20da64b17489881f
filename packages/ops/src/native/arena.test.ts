import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createArena } from './arena.js';

const counting = () => {
  const live = new Set<ArrayBuffer>();
  return {
    live,
    allocate: (bytes: number): ArrayBuffer => {
      const buffer = new ArrayBuffer(bytes);
      live.add(buffer);
      return buffer;
    },
    release: (buffer: ArrayBuffer): void => {
      live.delete(buffer);
    },
  };
};

describe('arena', () => {
  it('refuses a tensor larger than a buffer may be, in words', () => {
    expect(() => createArena(counting()).take(2 ** 35)).toThrow(
      /a tensor of 137438953472 bytes, expected at most/,
    );
  });

  it('never hands out the same memory twice, and joins what is given back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(60_000), fc.nat(1000)), { minLength: 1, maxLength: 60 }),
        (requests) => {
          const arena = createArena(counting());
          const held: Float32Array[] = [];
          for (const [length, pick] of requests) {
            if (held.length > 0 && pick % 3 === 0) arena.give(held.splice(pick % held.length, 1)[0]);
            const values = arena.take(length);
            expect(values).toHaveLength(length);
            values.fill(held.length);
            held.push(values);
            held.forEach((other) => {
              expect(other.length === 0 || other[0] === other.at(-1)).toBe(true);
            });
          }
          for (const values of held.splice(0)) arena.give(values);
          expect(arena.bytesInUse).toBe(0);
          // One whole chunk again: a request of its full size needs no second one.
          arena.take((64 << 20) / 4);
          expect(arena.bytesIdle).toBe(0);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('ignores arrays that are not its own, and double returns', () => {
    const arena = createArena(counting());
    const values = arena.take(1000);
    arena.give(new Float32Array(1000));
    arena.give(values);
    arena.give(values);
    expect(arena.bytesInUse).toBe(0);
    expect(arena.owns(values)).toBe(true);
    expect(arena.owns(new Float32Array(4))).toBe(false);
  });

  it('returns idle chunks that are too small before it takes a larger one', () => {
    const addon = counting();
    const arena = createArena(addon);
    const chunk = (64 << 20) / 4;
    for (let step = 1; step <= 4; step++) arena.give(arena.take(chunk * step));
    expect(addon.live.size).toBe(1);
  });
});
