/**
 * What a surface of the simulated world is. Finer than either data set's label space, so that each can be derived by
 * its own official definitions: {@link nuScenesClassOf}, {@link semanticKittiClassOf}.
 */
export const semanticNames = [
  'sky',
  'road',
  'lane-marking',
  'parking',
  'sidewalk',
  'other-ground',
  'terrain',
  'building',
  'fence',
  'barrier',
  'structure',
  'vegetation',
  'trunk',
  'pole',
  'traffic-sign',
  'traffic-light',
  'traffic-cone',
  'car',
  'truck',
  'bus',
  'trailer',
  'construction-vehicle',
  'bicycle',
  'motorcycle',
  'bicyclist',
  'motorcyclist',
  'pedestrian',
  // What comes back from rain and fog.
  'droplet',
] as const;

export type SemanticName = (typeof semanticNames)[number];

/** The index of each semantic name, as stored per triangle. */
export const semanticId = Object.fromEntries(semanticNames.map((name, id) => [name, id])) as Readonly<
  Record<SemanticName, number>
>;

const nuScenes: Readonly<Record<SemanticName, number>> = {
  sky: 0,
  road: 11,
  'lane-marking': 11,
  // A car may drive there without regard to traffic rules: nuScenes calls it driveable surface.
  parking: 11,
  sidewalk: 13,
  // Traffic islands, delimiters, gravel strips: flat.other.
  'other-ground': 12,
  terrain: 14,
  building: 15,
  // Walls and fences are static.manmade; movable_object.barrier is the temporary road barrier.
  fence: 15,
  barrier: 1,
  structure: 15,
  vegetation: 16,
  trunk: 16,
  pole: 15,
  'traffic-sign': 15,
  'traffic-light': 15,
  'traffic-cone': 8,
  car: 4,
  truck: 10,
  bus: 3,
  trailer: 9,
  'construction-vehicle': 5,
  bicycle: 2,
  motorcycle: 6,
  // nuScenes' cycles include their riders.
  bicyclist: 2,
  motorcyclist: 6,
  pedestrian: 7,
  // noise
  droplet: 0,
};

const semanticKitti: Readonly<Record<SemanticName, number>> = {
  sky: 0,
  road: 9,
  // SemanticKITTI's learning map sends lane-marking to road.
  'lane-marking': 9,
  parking: 10,
  sidewalk: 11,
  'other-ground': 12,
  terrain: 17,
  building: 13,
  // Separators: fences, small walls, crash barriers.
  fence: 14,
  barrier: 14,
  // other-structure, traffic lights and cones (other-object) are not evaluated.
  structure: 0,
  vegetation: 15,
  trunk: 16,
  pole: 18,
  'traffic-sign': 19,
  'traffic-light': 0,
  'traffic-cone': 0,
  car: 1,
  truck: 4,
  // Buses, trailers and machines are other-vehicle.
  bus: 5,
  trailer: 5,
  'construction-vehicle': 5,
  bicycle: 2,
  motorcycle: 3,
  bicyclist: 7,
  motorcyclist: 8,
  pedestrian: 6,
  // outlier
  droplet: 0,
};

const table = (map: Readonly<Record<SemanticName, number>>): Uint8Array =>
  Uint8Array.from(semanticNames, (name) => map[name]);

/** nuScenes lidarseg challenge class (0 ignore, 1..16) of each semantic id. */
export const nuScenesClassOf: Uint8Array = table(nuScenes);

/** SemanticKITTI class (0 ignore, 1..19) of each semantic id; ScribbleKITTI uses the same. */
export const semanticKittiClassOf: Uint8Array = table(semanticKitti);
