import { writeFile } from 'node:fs/promises';
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
  it.each([
    ['nuscenes', '1', 281],
    ['nuscenes', '10', 2813],
    ['nuscenes', '20', 5626],
    ['nuscenes', '50', 14_065],
    ['semantickitti', '1', 191],
    ['semantickitti', '10', 1913],
    ['semantickitti', '20', 3826],
    ['semantickitti', '50', 9565],
  ])('%s %s %%: %d entries', async (name, percent, entries) => {
    const path = real('splits', `${name}_${percent}pct.txt`);
    const known = name === 'nuscenes' ? 'ae3d7a4d63d44736b635af04efea9730' : '01/000876';
    const { labelled, unlabelled, absent } = await get(
      readLabelFraction(path, fake(['08/000000', known]), { absent: 'skip' }),
    );
    expect([labelled, unlabelled, absent]).toEqual([[1], [0], entries - 1]);
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
