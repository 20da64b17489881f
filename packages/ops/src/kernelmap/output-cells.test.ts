import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { axisTaps } from './axis-taps.js';
import { outputCells } from './output-cells.js';

describe('outputCells', () => {
  it('finds each reached cell once, ascending, in grids that a bitmap holds and in larger ones', () => {
    const sides = fc.constantFrom<readonly [number, number, number]>([9, 8, 7], [1200, 900, 130]);
    const voxel = fc.tuple(fc.nat(), fc.nat(), fc.nat());
    fc.assert(
      fc.property(
        sides,
        fc.array(voxel, { maxLength: 40 }),
        fc.constantFrom(1, 2, 3),
        (shape, numbers, kernel) => {
          const coords = Int32Array.from(numbers.flatMap((at) => at.map((n, axis) => n % shape[axis]!)));
          const axes = shape.map((size) => axisTaps(size, size, kernel, 1, kernel >> 1, false));
          const expected = new Set<number>();
          for (let v = 0; v < coords.length; v += 3) {
            const ranges = [0, 1, 2].map((axis) => {
              const { offsets, outputs } = axes[axis]!;
              const x = coords[v + axis]!;
              return [...outputs.subarray(offsets[x], offsets[x + 1])];
            });
            for (const r of ranges[0]!)
              for (const p of ranges[1]!)
                for (const z of ranges[2]!) expected.add((r * shape[1] + p) * shape[2] + z);
          }
          expect([...outputCells(coords, axes, shape)]).toEqual([...expected].sort((a, b) => a - b));
        },
      ),
    );
  });
});
