import { describe, expect, it } from '@jest/globals';
import { openDataset } from '../open-dataset.js';
import { kittiSequences } from './kitti.js';
import { nuscenesScenes } from './nuscenes.js';

describe('official splits', () => {
  it('has nuScenes 700 / 150 / 150 scenes, 8 / 2 in the mini set', () => {
    const [train, val, test] = (['train', 'val', 'test'] as const).map(nuscenesScenes);
    expect([train.length, val.length, test.length]).toEqual([700, 150, 150]);
    expect(new Set([...train, ...val, ...test]).size).toBe(1000);
    expect(train.slice(0, 3)).toEqual(['scene-0001', 'scene-0002', 'scene-0004']);
    expect([val[0], val.at(-1), test[0], test.at(-1), train.at(-1)]).toEqual([
      'scene-0003',
      'scene-1073',
      'scene-0077',
      'scene-1043',
      'scene-1110',
    ]);
    const [miniTrain, miniVal] = (['mini_train', 'mini_val'] as const).map(nuscenesScenes);
    expect(miniTrain).toHaveLength(8);
    for (const scene of miniTrain) expect([...train, ...val]).toContain(scene);
    expect(miniVal).toEqual(['scene-0103', 'scene-0916']);
    for (const scene of miniVal) expect(val).toContain(scene);
  });

  it('names what there is where asked for another split or format, as files may', () => {
    const other = 'validation' as 'val';
    expect(() => nuscenesScenes(other)).toThrow(/validation is none of train, val, test/);
    expect(() => kittiSequences(other)).toThrow(/validation is none of train, val, test/);
    expect(() => openDataset({ format: 'kitti' as 'semantickitti', root: '/' })).toThrow(
      /kitti is none of nuscenes, semantickitti/,
    );
  });

  it('has KITTI 10 / 1 / 11 sequences', () => {
    expect(kittiSequences('train')).toHaveLength(10);
    expect(kittiSequences('val')).toEqual(['08']);
    expect(kittiSequences('test')).toHaveLength(11);
    expect(new Set((['train', 'val', 'test'] as const).flatMap(kittiSequences)).size).toBe(22);
  });
});
