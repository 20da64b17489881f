/**
 * What LaserMix's authors set for each data set, where it is not a default: for `trainSettings.parse({ ...these, ... })`.
 * Their Lovasz weights (2 for nuScenes, 3 for SemanticKITTI) are left to `lovaszWeight`, which all methods share.
 */
export const publishedSettings = {
  semantickitti: {},
  nuscenes: {
    consistencyWeight: 500,
    pseudoThreshold: 0.95,
    mixAreas: [3, 4, 5, 6],
    mixInclination: [-30, 10],
  },
} as const;
