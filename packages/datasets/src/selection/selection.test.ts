import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import fc from 'fast-check';
import { none } from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { semanticKittiLabelSpace } from '../labels/semantic-kitti.js';
import { describeReal, real } from '../testing/real-data.test.helper.js';
import { failure, get, scratch } from '../testing/scene.test.helper.js';
import type { Frame, FrameDataset } from '../types.js';
import { labelFraction } from './label-fraction.js';
import { loadLabelled } from './load-labelled.js';
import { readLabelFraction } from './read-label-fraction.js';
import { subset } from './subset.js';

const cloud = { positions: new Float32Array(6), intensity: new Float32Array(2) };

const fake = (ids: readonly string[], labels: Uint8Array | undefined = undefined): FrameDataset => ({
  name: 'fake',
  labelSpace: semanticKittiLabelSpace,
  length: ids.length,
  frame: (i): Frame => ({
    id: ids[i],
    sequence: ids[i].split('/')[0],
    timestamp: i,
    points: () => TE.right(cloud),
    labels: () => TE.right(labels ? { _tag: 'Some', value: labels } : none),
    cameras: [],
    globalFromLidar: new Float64Array(16),
  }),
});

const scans = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `00/${String(i).padStart(6, '0')}`);

describe('subset', () => {
  it('takes frames in the order given', () => {
    const some = subset(fake(scans(5)), [4, 0, 4]);
    expect([0, 1, 2].map((i) => some.frame(i).id)).toEqual(['00/000004', '00/000000', '00/000004']);
    expect(some.length).toBe(3);
    expect(() => some.frame(3)).toThrow(RangeError);
    expect(() => subset(fake(scans(5)), [5])).toThrow(RangeError);
  });
});

describe('labelFraction', () => {
  it('splits the data set in two, nested and spread', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        fc.nat(),
        (length, fraction, seed) => {
          const { labelled, unlabelled } = labelFraction({ length }, fraction, createRandom(seed));
          expect(labelled).toHaveLength(Math.max(1, Math.round(fraction * length)));
          expect([...labelled, ...unlabelled].sort((a, b) => a - b)).toEqual([...Array(length).keys()]);
          const larger = labelFraction({ length }, Math.min(1, fraction * 1.7), createRandom(seed));
          expect(labelled.filter((i) => !larger.labelled.includes(i))).toHaveLength(0);
          // The golden-ratio points leave no gap beyond phi squared times the mean one, up to rounding to frames.
          const gaps = labelled.map(
            (at, i) => at - (labelled[i - 1] ?? labelled[labelled.length - 1] - length),
          );
          expect(Math.max(...gaps)).toBeLessThanOrEqual(2.62 * (length / labelled.length) + 2);
        },
      ),
    );
  });

  it('is a matter of the seed', () => {
    const of = (seed: number) => labelFraction({ length: 1000 }, 0.01, createRandom(seed)).labelled;
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it('refuses fractions that are none', () => {
    for (const fraction of [0, -1, 1.5, Number.NaN])
      expect(() => labelFraction({ length: 10 }, fraction, createRandom(0))).toThrow(RangeError);
    expect(() => labelFraction({ length: 0 }, 0.5, createRandom(0))).toThrow(RangeError);
  });
});

describe('readLabelFraction', () => {
  const list = async (...lines: string[]): Promise<string> => {
    const path = join(await scratch(), 'list.txt');
    await writeFile(path, lines.join('\n'));
    return path;
  };

  it('finds scans by the end of their paths', async () => {
    const path = await list('/anywhere/sequences/train/00/velodyne/000003.bin', '00/velodyne/000001.bin', '');
    expect(await get(readLabelFraction(path, fake(scans(5))))).toEqual({
      labelled: [1, 3],
      unlabelled: [0, 2, 4],
      absent: 0,
    });
  });

  it("takes frames by their ids: tokens of one's own, sequences that are not numbered", async () => {
    const path = await list('drive_a/000007', 'b7e1-42', '0123456789abcdef0123456789abcdef');
    const ids = ['b7e1-42', 'drive_a/000006', 'drive_a/000007'];
    expect(await get(readLabelFraction(path, fake(ids), { absent: 'skip' }))).toEqual({
      labelled: [0, 2],
      unlabelled: [1],
      absent: 1,
    });
  });

  it('tells or counts what the data set does not have', async () => {
    const path = await list('00/velodyne/000001.bin', '07/velodyne/000009.bin');
    expect(await failure(readLabelFraction(path, fake(scans(5))))).toMatchObject({
      code: 'not-found',
      source: path,
      field: 'line 2',
      found: '07/velodyne/000009.bin',
    });
    expect(await get(readLabelFraction(path, fake(scans(5)), { absent: 'skip' }))).toMatchObject({
      labelled: [1],
      absent: 1,
    });
  });

  it('refuses other lists', async () => {
    expect(await failure(readLabelFraction(await list('hello'), fake(scans(5))))).toMatchObject({
      code: 'malformed',
      field: 'line 1',
    });
    expect(await failure(readLabelFraction(await list(''), fake(scans(5))))).toMatchObject({ code: 'empty' });
    expect(await failure(readLabelFraction('nowhere.txt', fake(scans(5))))).toMatchObject({
      code: 'missing-file',
    });
  });
});

describeReal('the published lists', () => {
  /** Scans of the official training sequences: 19,130. */
  const kittiScans = {
    '00': 4541,
    '01': 1101,
    '02': 4661,
    '03': 801,
    '04': 271,
    '05': 2761,
    '06': 1101,
    '07': 1101,
    '09': 1591,
    '10': 1201,
  };
  const lines = async (name: string, percent: number): Promise<string[]> =>
    (await readFile(real('splits', `${name}_${percent}pct.txt`), 'utf8'))
      .split('\n')
      .filter((line) => line !== '');

  it.each([
    ['nuscenes', 28_130, [281, 2813, 5626, 14_065]],
    ['semantickitti', 19_130, [191, 1913, 3826, 9565]],
  ] as const)('%s: every entry is found, and nothing else', async (name, frames, sizes) => {
    const lists = await Promise.all([1, 10, 20, 50].map((percent) => lines(name, percent)));
    // nuScenes' training tokens are not at hand: those that the lists name, filled up with others.
    const named = [...new Set(lists.flat())];
    const ids =
      name === 'nuscenes'
        ? [
            ...named,
            ...Array.from({ length: frames - named.length }, (_, i) => i.toString(16).padStart(32, '0')),
          ]
        : Object.entries(kittiScans).flatMap(([sequence, count]) =>
            Array.from({ length: count }, (_, i) => `${sequence}/${String(i).padStart(6, '0')}`),
          );
    expect(ids).toHaveLength(frames);
    const dataset = fake(ids);
    const idOf = (line: string): string => line.replace(/.*\/(\d+)\/velodyne\/(\d+)\.bin$/, '$1/$2');
    for (const [k, percent] of [1, 10, 20, 50].entries()) {
      const { labelled, unlabelled, absent } = await get(
        readLabelFraction(real('splits', `${name}_${percent}pct.txt`), dataset),
      );
      expect([labelled.length, unlabelled.length, absent]).toEqual([sizes[k], frames - sizes[k], 0]);
      expect(new Set(labelled.map((i) => ids[i]))).toEqual(new Set(lists[k].map(idOf)));
      expect(labelled).toEqual([...labelled].sort((a, b) => a - b));
    }
  });

  it('tells of the entries that a part of the data set does not have', async () => {
    const path = real('splits', 'semantickitti_1pct.txt');
    const part = fake(['08/000000', '01/000876']);
    expect(await get(readLabelFraction(path, part, { absent: 'skip' }))).toEqual({
      labelled: [1],
      unlabelled: [0],
      absent: 190,
    });
    expect(await failure(readLabelFraction(path, part))).toMatchObject({
      code: 'not-found',
      field: 'line 2',
    });
  });
});

describe('own splits of a whole data set', () => {
  it('are nested at any fraction, and spread over sequences by their length', () => {
    const lengths = [4541, 1101, 4661, 801, 271, 2761, 1101, 1101, 1591, 1201];
    const total = lengths.reduce((sum, n) => sum + n);
    const sequenceOf = lengths.flatMap((n, sequence) => Array<number>(n).fill(sequence));
    let smaller = new Set<number>();
    for (const fraction of [1e-9, 0.001, 0.01, 0.0137, 0.1, 0.2, 1 / 3, 0.5, 0.999, 1]) {
      const { labelled } = labelFraction({ length: total }, fraction, createRandom(7));
      expect(labelled).toHaveLength(Math.max(1, Math.round(fraction * total)));
      const larger = new Set(labelled);
      expect([...smaller].filter((i) => !larger.has(i))).toHaveLength(0);
      smaller = larger;
      for (const [sequence, n] of lengths.entries()) {
        const own = labelled.filter((i) => sequenceOf[i] === sequence).length;
        expect(Math.abs(own - (n / total) * labelled.length)).toBeLessThan(4);
      }
    }
  });
});

describe('loadLabelled', () => {
  it('makes sure of one label per point', async () => {
    const of = (labels?: Uint8Array) => loadLabelled(fake(['a'], labels).frame(0));
    expect(await get(of(Uint8Array.of(1, 2)))).toEqual({ points: cloud, labels: Uint8Array.of(1, 2) });
    expect(await failure(of())).toMatchObject({ code: 'not-found', source: 'a', field: 'labels' });
    expect(await failure(of(Uint8Array.of(1)))).toMatchObject({ code: 'mismatch', found: '1 labels' });
  });
});
