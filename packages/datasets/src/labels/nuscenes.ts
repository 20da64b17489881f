import type { LabelSpace } from '@nerfseg/geometry';
import { type RawLabelMap, unknownRaw } from './raw-label-map.js';

/** The 16 classes of the nuScenes-lidarseg challenge and `ignore`, in the challenge's order and colours. */
export const nuscenesLabelSpace: LabelSpace = {
  name: 'nuScenes-lidarseg',
  names: [
    'ignore',
    'barrier',
    'bicycle',
    'bus',
    'car',
    'construction_vehicle',
    'motorcycle',
    'pedestrian',
    'traffic_cone',
    'trailer',
    'truck',
    'driveable_surface',
    'other_flat',
    'sidewalk',
    'terrain',
    'manmade',
    'vegetation',
  ],
  colors: [
    [0, 0, 0],
    [112, 128, 144],
    [220, 20, 60],
    [255, 127, 80],
    [255, 158, 0],
    [233, 150, 70],
    [255, 61, 99],
    [0, 0, 230],
    [47, 79, 79],
    [255, 140, 0],
    [255, 99, 71],
    [0, 207, 191],
    [175, 0, 75],
    [75, 0, 75],
    [112, 180, 60],
    [222, 184, 135],
    [0, 175, 0],
  ],
  ignore: 0,
};

/** The 32 categories of nuScenes-lidarseg by index, each with the class that it is merged into. */
export const nuscenesCategories: readonly (readonly [name: string, className: string])[] = [
  ['noise', 'ignore'],
  ['animal', 'ignore'],
  ['human.pedestrian.adult', 'pedestrian'],
  ['human.pedestrian.child', 'pedestrian'],
  ['human.pedestrian.construction_worker', 'pedestrian'],
  ['human.pedestrian.personal_mobility', 'ignore'],
  ['human.pedestrian.police_officer', 'pedestrian'],
  ['human.pedestrian.stroller', 'ignore'],
  ['human.pedestrian.wheelchair', 'ignore'],
  ['movable_object.barrier', 'barrier'],
  ['movable_object.debris', 'ignore'],
  ['movable_object.pushable_pullable', 'ignore'],
  ['movable_object.trafficcone', 'traffic_cone'],
  ['static_object.bicycle_rack', 'ignore'],
  ['vehicle.bicycle', 'bicycle'],
  ['vehicle.bus.bendy', 'bus'],
  ['vehicle.bus.rigid', 'bus'],
  ['vehicle.car', 'car'],
  ['vehicle.construction', 'construction_vehicle'],
  ['vehicle.emergency.ambulance', 'ignore'],
  ['vehicle.emergency.police', 'ignore'],
  ['vehicle.motorcycle', 'motorcycle'],
  ['vehicle.trailer', 'trailer'],
  ['vehicle.truck', 'truck'],
  ['flat.driveable_surface', 'driveable_surface'],
  ['flat.other', 'other_flat'],
  ['flat.sidewalk', 'sidewalk'],
  ['flat.terrain', 'terrain'],
  ['static.manmade', 'manmade'],
  ['static.other', 'ignore'],
  ['static.vegetation', 'vegetation'],
  ['vehicle.ego', 'ignore'],
];

const classOfCategory = new Map(
  nuscenesCategories.map(([name, className]) => [name, nuscenesLabelSpace.names.indexOf(className)]),
);

/**
 * The map of a data set that numbers the official categories in its own way (category.json's `index`).
 *
 * @param categories index and official name of each category.
 * @returns undefined when a name is not official.
 */
export const nuscenesLabelMap = (
  categories: readonly { readonly index: number; readonly name: string }[],
): RawLabelMap | undefined => {
  const classOfRaw = new Uint8Array(256).fill(unknownRaw);
  const rawOfClass = new Uint16Array(nuscenesLabelSpace.names.length);
  for (const { index, name } of categories) {
    const classId = classOfCategory.get(name);
    if (classId === undefined) return undefined;
    classOfRaw[index] = classId;
    if (!ambiguous.has(name)) rawOfClass[classId] = index;
  }
  return { name: nuscenesLabelSpace.name, classOfRaw, rawOfClass };
};

// Of several categories in one class the plain one is written: noise for ignore, adults, rigid buses.
const plain = new Set(['noise', 'human.pedestrian.adult', 'vehicle.bus.rigid']);
const merged = new Set(['ignore', 'pedestrian', 'bus']);
const ambiguous = new Set(
  nuscenesCategories.filter(([name, c]) => merged.has(c) && !plain.has(name)).map(([name]) => name),
);

/** 32 raw ids to 16 classes and `ignore`, as the official devkit's LidarsegClassMapper has it. */
export const nuscenesRawLabels: RawLabelMap = nuscenesLabelMap(
  nuscenesCategories.map(([name], index) => ({ index, name })),
)!;
