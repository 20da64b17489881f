/** What is thin or small, in nuScenes' and SemanticKITTI's classes and in the benchmark's. */
export const thinNames: readonly string[] = [
  'barrier',
  'bicycle',
  'two_wheeler',
  'two-wheeler',
  'motorcycle',
  'pedestrian',
  'traffic_cone',
  'person',
  'bicyclist',
  'motorcyclist',
  'trunk',
  'pole',
  'traffic-sign',
];
