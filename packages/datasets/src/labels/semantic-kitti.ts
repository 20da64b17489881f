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

/** Raw id to class: `learning_map` of semantic-kitti.yaml. Moving classes (252 on) join their resting ones. */
const learningMap: readonly (readonly [raw: number, classId: number])[] = [
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
  [252, 1], // moving-car
  [253, 7], // moving-bicyclist
  [254, 6], // moving-person
  [255, 8], // moving-motorcyclist
  [256, 5], // moving-on-rails
  [257, 5], // moving-bus
  [258, 4], // moving-truck
  [259, 5], // moving-other-vehicle
];

const classOfRaw = new Uint8Array(260).fill(unknownRaw);
for (const [raw, classId] of learningMap) classOfRaw[raw] = classId;

/** 34 raw ids to 19 classes and `unlabeled`, and back: `learning_map` and `learning_map_inv` of semantic-kitti.yaml. */
export const semanticKittiRawLabels: RawLabelMap = {
  name: semanticKittiLabelSpace.name,
  classOfRaw,
  rawOfClass: Uint16Array.of(0, 10, 11, 15, 18, 20, 30, 31, 32, 40, 44, 48, 49, 50, 51, 70, 71, 72, 80, 81),
};
