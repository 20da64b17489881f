import { describe, expect, it } from '@jest/globals';
import { leftOf, rightOf } from '../testing/scene.test.helper.js';
import { nuscenesCategories, nuscenesLabelMap, nuscenesLabelSpace, nuscenesRawLabels } from './nuscenes.js';
import { classesOfRaw, rawOfClasses, unknownRaw } from './raw-label-map.js';
import {
  semanticKittiLabelSpace,
  semanticKittiMultiScanLabelSpace,
  semanticKittiMultiScanRawLabels,
  semanticKittiRawLabels,
} from './semantic-kitti.js';

const spaces = [
  { space: nuscenesLabelSpace, map: nuscenesRawLabels, classes: 17, raw: 32 },
  { space: semanticKittiLabelSpace, map: semanticKittiRawLabels, classes: 20, raw: 34 },
  { space: semanticKittiMultiScanLabelSpace, map: semanticKittiMultiScanRawLabels, classes: 26, raw: 34 },
];

describe.each(spaces)('$space.name', ({ space, map, classes, raw }) => {
  it('names and colours every class once', () => {
    expect(space.names).toHaveLength(classes);
    expect(new Set(space.names).size).toBe(classes);
    expect(space.colors).toHaveLength(classes);
    expect(new Set(space.colors.map(String)).size).toBe(classes);
  });

  it('maps all raw ids, and classes there and back', () => {
    expect(map.classOfRaw.filter((c) => c !== unknownRaw)).toHaveLength(raw);
    expect(map.rawOfClass).toHaveLength(classes);
    const all = Uint8Array.from({ length: classes }, (_, i) => i);
    expect(rightOf(classesOfRaw(rawOfClasses(all, map), map, 'all'))).toEqual(all);
    expect(() => rawOfClasses(Uint8Array.of(classes), map)).toThrow(RangeError);
  });

  it('refuses unknown ids', () => {
    for (const id of [254, 12_345, -1, 1.5, Number.NaN])
      if (map.classOfRaw[id] === undefined || map.classOfRaw[id] === unknownRaw)
        expect(leftOf(classesOfRaw([0, id], map, 'file.label'))).toMatchObject({
          code: 'out-of-range',
          source: 'file.label',
          field: 'label of point 1',
        });
  });
});

describe('raw ids', () => {
  const kitti = (id: number): string => semanticKittiLabelSpace.names[semanticKittiRawLabels.classOfRaw[id]];
  const nuscenes = (id: number): string => nuscenesLabelSpace.names[nuscenesRawLabels.classOfRaw[id]];

  it('has moving things with resting ones (SemanticKITTI)', () => {
    expect([252, 253, 254, 255, 256, 257, 258, 259].map(kitti)).toEqual([
      'car',
      'bicyclist',
      'person',
      'motorcyclist',
      'other-vehicle',
      'other-vehicle',
      'truck',
      'other-vehicle',
    ]);
    expect([60, 13, 52, 99].map(kitti)).toEqual(['road', 'other-vehicle', 'unlabeled', 'unlabeled']);
    expect(semanticKittiRawLabels.rawOfClass[19]).toBe(81);
  });

  it('keeps moving things apart where asked to (SemanticKITTI, multi-scan)', () => {
    const { classOfRaw, rawOfClass } = semanticKittiMultiScanRawLabels;
    const { names } = semanticKittiMultiScanLabelSpace;
    expect([252, 253, 254, 255, 256, 257, 258, 259].map((id) => names[classOfRaw[id]])).toEqual([
      'moving-car',
      'moving-bicyclist',
      'moving-person',
      'moving-motorcyclist',
      'moving-other-vehicle',
      'moving-other-vehicle',
      'moving-truck',
      'moving-other-vehicle',
    ]);
    expect(Array.from(rawOfClass.subarray(20))).toEqual([252, 253, 254, 255, 259, 258]);
    for (let id = 0; id < 252; id++) expect(classOfRaw[id]).toBe(semanticKittiRawLabels.classOfRaw[id]);
  });

  it('writes the plain category of a merged class (nuScenes)', () => {
    expect([0, 2, 6, 15, 16, 29, 31].map(nuscenes)).toEqual([
      'ignore',
      'pedestrian',
      'pedestrian',
      'bus',
      'bus',
      'ignore',
      'ignore',
    ]);
    const names = Array.from(nuscenesRawLabels.rawOfClass, (id) => nuscenesCategories[id][0]);
    expect(names).toEqual([
      'noise',
      'movable_object.barrier',
      'vehicle.bicycle',
      'vehicle.bus.rigid',
      'vehicle.car',
      'vehicle.construction',
      'vehicle.motorcycle',
      'human.pedestrian.adult',
      'movable_object.trafficcone',
      'vehicle.trailer',
      'vehicle.truck',
      'flat.driveable_surface',
      'flat.other',
      'flat.sidewalk',
      'flat.terrain',
      'static.manmade',
      'static.vegetation',
    ]);
    expect(nuscenesLabelMap([{ index: 0, name: 'vehicle.hovercraft' }])).toBeUndefined();
  });
});
