import { describe, expect, it } from '@jest/globals';
import { nuscenesLabelSpace, semanticKittiLabelSpace } from '@nerfseg/datasets';
import { mergedClasses } from './merged-classes.js';
import { readSpec } from './read-spec.js';

describe('readSpec', () => {
  const spec = { method: 'nerf', dataset: 'nuscenes-like', fraction: 1, seed: 0, settings: { steps: 5 } };
  const frames = { dataset: 'kitti-frames', fraction: 100 };

  it('gives what it was given', () => {
    expect(readSpec(JSON.stringify(spec))).toEqual(spec);
    const scored = { ...spec, scoredOn: 'tune', scoredWorld: 'lidar-64-50m' };
    const shared = { ...scored, scoredOver: 'shared', width: 8 };
    expect(readSpec(JSON.stringify(shared))).toEqual(shared);
    const masked = { ...spec, ...frames, sam: { preset: 'thorough', pointsPerSide: 16, minStability: 0.9 } };
    expect(readSpec(JSON.stringify(masked))).toEqual(masked);
  });

  it.each([
    [{ method: 'nerff' }, '--spec: method: found "nerff", expected one of supervised'],
    [{ dataset: 'moon' }, 'dataset: found "moon"'],
    [{ fraction: 0 }, 'fraction: found 0, expected percent'],
    [{ seed: 1.5 }, 'seed: found 1.5'],
    [{ settings: { stepz: 3 } }, 'stepz'],
    [{ settings: { steps: 0 } }, 'settings.steps'],
    [{ scoredOver: 'all' }, 'scoredOver: found "all", expected one of shared'],
    [{ width: -1 }, 'width: found -1'],
    [{ corruption: { dropp: 1 } }, 'corruption: found "dropp", expected one of jitter'],
    [{ corruption: { drop: 'all' } }, 'corruption.drop: found "all", expected a number'],
    [{ stepz: 3 }, 'fields: found "stepz"'],
    // What would have no effect.
    [{ settings: { method: 'cps' } }, 'settings.method: found "cps", expected nothing'],
    [
      { dataset: 'nuscenes', scoredOn: 'tune' },
      'scoredOn: found "tune", expected nothing: nuscenes is not simulated',
    ],
    [{ dataset: 'nuscenes', scoredOver: 'shared' }, 'scoredOver: found "shared", expected nothing'],
    [
      { dataset: 'semantickitti', scoredWorld: 'other-car' },
      'scoredWorld: found "other-car", expected nothing',
    ],
    [
      { dataset: 'scribblekitti', corruption: { drop: 0.5 } },
      'corruption: found {"drop":0.5}, expected nothing',
    ],
    [{ sam: { minStability: 0.9 } }, 'sam: found {"minStability":0.9}, expected nothing: the masks of'],
    [{ ...frames, sam: null }, 'sam: found null, expected an object'],
    [{ ...frames, sam: 3 }, 'sam: found 3, expected an object'],
    [{ ...frames, sam: { threads: 2 } }, 'sam: found "threads", expected one of preset, pointsPerSide'],
    [{ ...frames, sam: { preset: 'quick' } }, 'sam.preset: found "quick", expected one of'],
    [{ ...frames, sam: { minStability: 2 } }, 'sam.minStability: found 2, expected a number from 0 to 1'],
    [{ ...frames, sam: { pointsPerSide: 1.5 } }, 'sam.pointsPerSide: found 1.5, expected a whole number'],
    [{ labels: '0123abcd' }, 'labels: found "0123abcd", expected nothing: there is no published list'],
    [{ dataset: 'nuscenes', labels: 'list.txt' }, 'labels: found "list.txt", expected the digest'],
    [{ dataset: 'kitti-frames' }, 'fraction: found 1, expected 100'],
    // What there is nothing of.
    [{ dataset: 'tuning' }, 'dataset: found "tuning", expected one that has training scenes'],
    [
      { scoredWorld: 'other-car', scoredOn: 'tune' },
      'scoredOn: found "tune", expected nothing: other-car has no scenes',
    ],
    [{ scoredWorld: 'semantickitti-like' }, 'scoredOver: found nothing, expected shared'],
  ])('names what is wrong: %j', (over, message) => {
    expect(() => readSpec(JSON.stringify({ ...spec, ...over }))).toThrow(message);
  });

  it('says where JSON breaks', () => {
    expect(() => readSpec('{')).toThrow('expected JSON');
    expect(() => readSpec('3')).toThrow('expected an object');
  });
});

describe('mergedClasses', () => {
  it.each([nuscenesLabelSpace, semanticKittiLabelSpace])(
    'takes in every class of $name but the ignored one',
    (own) => {
      const { labelSpace, classOf } = mergedClasses(own);
      expect(labelSpace.names).toHaveLength(12);
      expect(labelSpace.colors).toHaveLength(12);
      expect(classOf).toHaveLength(own.names.length);
      expect(classOf[0]).toBe(0);
      expect(new Set(classOf.slice(1))).toEqual(new Set(Array.from({ length: 11 }, (_, i) => i + 1)));
    },
  );
});
