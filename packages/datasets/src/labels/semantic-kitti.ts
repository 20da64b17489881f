import type { LabelSpace } from '@nerfseg/geometry';
import { type RawLabelMap, unknownRaw } from './raw-label-map.js';

/** The 19 classes of SemanticKITTI's single-scan benchmark and `unlabeled`, in its order and colours. */
export const semanticKittiLabelSpace: LabelSpace = {
  name: 'SemanticKITTI',
  names: [
    'unlabeled',
    'car',
    'bicycle',
    'motorcycle',
    'truck',
    'other-vehicle',
    'person',
    'bicyclist',
    'motorcyclist',
    'road',
    'parking',
    'sidewalk',
    'other-ground',
    'building',
    'fence',
    'vegetation',
    'trunk',
    'terrain',
    'pole',
    'traffic-sign',
  ],
  colors: [
    [0, 0, 0],
    [100, 150, 245],
    [100, 230, 245],
    [30, 60, 150],
    [80, 30, 180],
    [0, 0, 255],
    [255, 30, 30],
    [255, 40, 200],
    [150, 30, 90],
    [255, 0, 255],
    [255, 150, 255],
    [75, 0, 75],
    [175, 0, 75],
    [255, 200, 0],
    [255, 120, 50],
    [0, 175, 0],
    [135, 60, 0],
    [150, 240, 80],
    [255, 240, 150],
    [255, 0, 0],
  ],
  ignore: 0,
};

/** A moving class of the multi-scan benchmark, the class that it joins in the single-scan one, and its raw id. */
const movingClasses: readonly (readonly [name: string, resting: string, raw: number])[] = [
  ['moving-car', 'car', 252],
  ['moving-bicyclist', 'bicyclist', 253],
  ['moving-person', 'person', 254],
  ['moving-motorcyclist', 'motorcyclist', 255],
  ['moving-other-vehicle', 'other-vehicle', 259],
  ['moving-truck', 'truck', 258],
];

/**
 * The 25 classes of SemanticKITTI's multi-scan benchmark and `unlabeled`: the 19 of the single-scan one at rest, then
 * six that move. The benchmark paints a moving class like the same class at rest; here it is half as bright, so that
 * pictures show the difference.
 */
export const semanticKittiMultiScanLabelSpace: LabelSpace = {
  name: 'SemanticKITTI multi-scan',
  names: [...semanticKittiLabelSpace.names, ...movingClasses.map(([name]) => name)],
  colors: [
    ...semanticKittiLabelSpace.colors,
    ...movingClasses.map(([, resting]) => {
      const [r, g, b] = semanticKittiLabelSpace.colors[semanticKittiLabelSpace.names.indexOf(resting)];
      return [r >> 1, g >> 1, b >> 1] as const;
    }),
  ],
  ignore: 0,
};

/** Raw id to class of the single-scan benchmark: `learning_map` of semantic-kitti.yaml, without what moves. */
const resting: readonly (readonly [raw: number, classId: number])[] = [
  [0, 0], // unlabeled
  [1, 0], // outlier
  [10, 1], // car
  [11, 2], // bicycle
  [13, 5], // bus
  [15, 3], // motorcycle
  [16, 5], // on-rails
  [18, 4], // truck
  [20, 5], // other-vehicle
  [30, 6], // person
  [31, 7], // bicyclist
  [32, 8], // motorcyclist
  [40, 9], // road
  [44, 10], // parking
  [48, 11], // sidewalk
  [49, 12], // other-ground
  [50, 13], // building
  [51, 14], // fence
  [52, 0], // other-structure
  [60, 9], // lane-marking
  [70, 15], // vegetation
  [71, 16], // trunk
  [72, 17], // terrain
  [80, 18], // pole
  [81, 19], // traffic-sign
  [99, 0], // other-object
];

/** Raw ids of what moves with its class at rest (semantic-kitti.yaml) and moving (semantic-kitti-all.yaml). */
const moving: readonly (readonly [raw: number, atRest: number, moves: number])[] = [
  [252, 1, 20], // moving-car
  [253, 7, 21], // moving-bicyclist
  [254, 6, 22], // moving-person
  [255, 8, 23], // moving-motorcyclist
  [256, 5, 24], // moving-on-rails
  [257, 5, 24], // moving-bus
  [258, 4, 25], // moving-truck
  [259, 5, 24], // moving-other-vehicle
];

const classOfRaw = (pairs: readonly (readonly [raw: number, classId: number])[]): Uint8Array => {
  const classes = new Uint8Array(260).fill(unknownRaw);
  for (const [raw, classId] of pairs) classes[raw] = classId;
  return classes;
};

const rawOfClass = [0, 10, 11, 15, 18, 20, 30, 31, 32, 40, 44, 48, 49, 50, 51, 70, 71, 72, 80, 81];

/** 34 raw ids to 19 classes and `unlabeled`, and back: `learning_map` and `learning_map_inv` of semantic-kitti.yaml. */
export const semanticKittiRawLabels: RawLabelMap = {
  name: semanticKittiLabelSpace.name,
  classOfRaw: classOfRaw([...resting, ...moving.map(([raw, atRest]) => [raw, atRest] as const)]),
  rawOfClass: Uint16Array.from(rawOfClass),
};

/** 34 raw ids to 25 classes and `unlabeled`, and back: `learning_map` and `learning_map_inv` of semantic-kitti-all.yaml. */
export const semanticKittiMultiScanRawLabels: RawLabelMap = {
  name: semanticKittiMultiScanLabelSpace.name,
  classOfRaw: classOfRaw([...resting, ...moving.map(([raw, , moves]) => [raw, moves] as const)]),
  rawOfClass: Uint16Array.from([...rawOfClass, ...movingClasses.map(([, , raw]) => raw)]),
};

/** SemanticKITTI's benchmarks: of single scans (19 classes), of several (25, what moves apart from what stands). */
export type KittiTask = 'single-scan' | 'multi-scan';

/** A benchmark's classes and how label files number them. */
export interface KittiLabels {
  readonly labelSpace: LabelSpace;
  readonly rawLabels: RawLabelMap;
}

/** The classes of each benchmark. */
export const semanticKittiLabels: Readonly<Record<KittiTask, KittiLabels>> = {
  'single-scan': { labelSpace: semanticKittiLabelSpace, rawLabels: semanticKittiRawLabels },
  'multi-scan': {
    labelSpace: semanticKittiMultiScanLabelSpace,
    rawLabels: semanticKittiMultiScanRawLabels,
  },
};
