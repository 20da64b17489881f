import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Random } from '../types.js';
import { createRandom } from './create-random.js';
import { restoreRandom } from './restore-random.js';

const draws = (random: Random, count = 8): number[] => Array.from({ length: count }, () => random.next());

describe('createRandom', () => {
  it('repeats itself for a seed, and differs between seeds', () => {
    expect(draws(createRandom(7))).toEqual(draws(createRandom(7)));
    expect(draws(createRandom(7))).not.toEqual(draws(createRandom(8)));
    expect(draws(createRandom(7))).not.toEqual(draws(createRandom('7')));
    expect(draws(createRandom(0.1))).not.toEqual(draws(createRandom(0.2)));
  });

  it('keeps its numbers from version to version', () => {
    const random = createRandom(1);
    expect([random.next(), random.int(1000)]).toEqual([0.3568860784720622, 790]);
    expect(random.normal()).toBeCloseTo(-0.8205794218931789, 14);
  });

  it('is uniform over [0, 1), also the first number over many seeds', () => {
    const bins = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 20000; seed++) bins[Math.floor(createRandom(seed).next() * 10)]++;
    // 2000 expected per bin, standard deviation 42.
    for (const bin of bins) expect(Math.abs(bin - 2000)).toBeLessThan(220);
  });

  it('has standard normal numbers', () => {
    const random = createRandom('normal');
    let [sum, squares, tail] = [0, 0, 0];
    for (let i = 0; i < 100000; i++) {
      const value = random.normal();
      sum += value;
      squares += value * value;
      if (Math.abs(value) > 1.959964) tail++;
    }
    expect(Math.abs(sum / 1e5)).toBeLessThan(0.015);
    expect(Math.abs(squares / 1e5 - 1)).toBeLessThan(0.02);
    expect(Math.abs(tail / 1e5 - 0.05)).toBeLessThan(0.004);
  });

  it('draws integers of [0, n) only, all of them', () => {
    const random = createRandom(3);
    const seen = new Set(Array.from({ length: 500 }, () => random.int(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(() => random.int(0)).toThrow(RangeError);
    expect(() => random.int(2.5)).toThrow(RangeError);
  });

  it('shuffles in place, keeping the items', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const shuffled = [...items];
        expect(createRandom(seed).shuffle(shuffled)).toBe(shuffled);
        expect([...shuffled].sort()).toEqual([...items].sort());
      }),
    );
    const all = new Set<string>();
    const random = createRandom(5);
    for (let i = 0; i < 300; i++) all.add(random.shuffle(Int32Array.of(1, 2, 3)).join());
    expect(all.size).toBe(6);
  });
});

describe('fork', () => {
  it('depends on the names, not on how much was drawn', () => {
    const [fresh, used] = [createRandom(9), createRandom(9)];
    draws(used, 100);
    expect(draws(used.fork('rays'))).toEqual(draws(fresh.fork('rays')));
    expect(draws(fresh.fork('rays'))).not.toEqual(draws(fresh.fork('rain')));
    expect(draws(fresh.fork('a').fork('b'))).not.toEqual(draws(fresh.fork('b').fork('a')));
    expect(draws(fresh.fork('a').fork('b'))).not.toEqual(draws(fresh.fork('ab')));
    expect(draws(fresh.fork(''))).not.toEqual(draws(fresh));
  });

  it('leaves the parent where it was', () => {
    const [one, other] = [createRandom(2), createRandom(2)];
    one.fork('x').next();
    expect(draws(one)).toEqual(draws(other));
  });

  it('gives unrelated streams to similar names', () => {
    const random = createRandom(1);
    let product = 0;
    for (let i = 0; i < 5000; i++)
      product += (random.fork(`frame ${i}`).next() - 0.5) * (random.fork(`frame ${i + 1}`).next() - 0.5);
    // Independent: mean 0, standard deviation of the mean 1 / 12 / sqrt(5000) = 0.0012.
    expect(Math.abs(product / 5000)).toBeLessThan(0.006);
  });
});

describe('restoreRandom', () => {
  it('continues numbers and forks, through JSON', () => {
    const random = createRandom('checkpoint').fork('epoch');
    draws(random, 5);
    const restored = restoreRandom(JSON.parse(JSON.stringify(random.state())));
    expect(restored).toMatchObject({ _tag: 'Right' });
    if (restored._tag === 'Left') return;
    expect(draws(restored.right.fork('x'))).toEqual(draws(random.fork('x')));
    expect(restored.right.normal()).toBe(random.normal());
    expect(draws(restored.right)).toEqual(draws(random));
  });

  it('refuses what is no state', () => {
    expect(restoreRandom([1, 2, 3], 'run.json')).toMatchObject({
      left: { code: 'malformed', source: 'run.json' },
    });
    expect(restoreRandom([1, 2, 3, 4, 5, 6, 7, 0.5])).toMatchObject({ left: { field: '[7]' } });
    expect(restoreRandom([0, 0, 0, 0, 5, 6, 7, 8])).toMatchObject({ left: { code: 'malformed' } });
  });
});
