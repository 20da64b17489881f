import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { tinyDataset, tinyGrid, unwrap } from '../testing/tiny-dataset.js';
import { scanSource } from './scan-source.js';

describe('scanSource', () => {
  it('tells what a data set throws where the scan is asked for, not before', async () => {
    const { dataset } = tinyDataset(2);
    const frame = (i: number) => {
      if (i === 1) throw new RangeError('no such frame');
      return dataset.frame(i);
    };
    const items = [0, 1].map((i) => ({ frame: i, labelled: true, augment: false, key: `${i}` }));
    const source = scanSource(items, {
      dataset: { ...dataset, frame },
      grid: tinyGrid,
      numClasses: 4,
      random: createRandom(1),
      mix: { method: 'polar', instanceClasses: [] },
    });
    expect(unwrap(await source.next()).frame.id).toBe('tiny/0');
    // A training step goes by: the next scan has been read, and nobody waits for it yet.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(source.next()).rejects.toThrow('no such frame');
    await source.close();
  });
});
