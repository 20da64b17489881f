import { describe, expect, it } from '@jest/globals';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Frame, FrameDataset } from '../types.js';
import { relabelled } from './relabelled.js';

const names = ['ignore', 'bus', 'truck', 'person'];
const dataset: FrameDataset = {
  name: 'plain',
  labelSpace: { name: 'four', names, ignore: 0, colors: names.map(() => [0, 0, 0]) },
  length: 2,
  frame: (i) =>
    ({
      id: `frame ${i}`,
      labels: () => TE.right(i === 0 ? O.some(Uint8Array.of(3, 2, 1, 0, 1)) : O.none),
    }) as unknown as Frame,
};
const labelSpace = {
  name: 'three',
  ignore: 0,
  names: ['ignore', 'person', 'vehicle'],
  colors: [
    [0, 0, 0],
    [1, 1, 1],
    [2, 2, 2],
  ],
} as const;

describe('relabelled', () => {
  it('gives every label its new class, each time it is asked, and keeps the rest', async () => {
    const other = relabelled(dataset, { labelSpace, classOf: [0, 2, 2, 1] });
    expect(other).toMatchObject({ name: 'plain as three', labelSpace, length: 2 });
    const frame = other.frame(0);
    expect(frame.id).toBe('frame 0');
    for (let again = 0; again < 2; again++)
      expect(await frame.labels()()).toEqual({
        _tag: 'Right',
        right: O.some(Uint8Array.of(1, 2, 2, 0, 2)),
      });
    expect(await other.frame(1).labels()()).toEqual({ _tag: 'Right', right: O.none });
  });

  it('leaves the labels of a data set in memory as they are', async () => {
    const held = Uint8Array.of(3, 2, 1, 0, 1);
    const inMemory = {
      ...dataset,
      frame: () => ({ ...dataset.frame(0), labels: () => TE.right(O.some(held)) }),
    };
    const frame = relabelled(inMemory, { labelSpace, classOf: [0, 2, 2, 1] }).frame(0);
    for (let again = 0; again < 2; again++)
      expect(await frame.labels()()).toEqual({
        _tag: 'Right',
        right: O.some(Uint8Array.of(1, 2, 2, 0, 2)),
      });
    expect(Array.from(held)).toEqual([3, 2, 1, 0, 1]);
  });

  it('refuses a table that does not fit', () => {
    expect(() => relabelled(dataset, { labelSpace, classOf: [0, 2, 2] })).toThrow('3 classes for the 4');
    expect(() => relabelled(dataset, { labelSpace, classOf: [0, 2, 3, 1] })).toThrow(
      'class 2 of plain becomes 3',
    );
    expect(() => relabelled(dataset, { labelSpace, classOf: [1, 2, 2, 1] })).toThrow(
      'class 0 of plain becomes 1',
    );
  });
});
