import { type Cylinder3dConfig, cylinder3dConfig } from '@nerfseg/backbone';
import { type CylindricalGrid, cylindricalGrid } from '@nerfseg/geometry';
import { publishedSettings, type TrainSettings, trainSettings } from '@nerfseg/ssl';
import type { RunSpec } from './spec.js';

/** Everything about a run but its data. */
export interface RunPlan {
  readonly grid: CylindricalGrid;
  readonly network: Cylinder3dConfig;
  readonly settings: TrainSettings;
}

/** What all methods of the simulated benchmark share; chosen, as @nerfseg/ssl's defaults for masks and batches were, on the worlds' tuning scenes. */
export const benchmark = {
  // Cells of 0.208 m x 2 degrees x 0.4 m.
  grid: { rho: [0, 25], z: [-4, 4], shape: [120, 180, 20], wrapAzimuth: true },
  network: { width: 4, pointWidths: [32, 64] },
  settings: {
    steps: 1200,
    learningRate: 0.01,
    averageDecay: 0.98,
    // Everything is measured from the ground up, and grounds differ by a few centimetres: heights stay as they are.
    shift: 0,
    // Projection learns from all points of a mask, as rendering does: 1.8 points better than from 24 (seed 0).
    pointsPerSegment: 100_000,
    // With LaserMix's published 500 Mean Teacher and LaserMix gained less (tuning scenes).
    consistencyWeight: 50,
    lidarRays: 256,
    cameras: 2,
    raysPerCamera: 256,
    samplesPerRay: 32,
    checkpointEvery: 100,
    keepCheckpoints: 1,
  },
} as const;

/** The papers' network, grid and steps, for real data. */
const published = {
  grid: { shape: [240, 180, 20] },
  network: { width: 16 },
  settings: { steps: 80000, labelledPerStep: 2, unlabelledPerStep: 2, cameras: 6, checkpointEvery: 500 },
} as const;

/** Eleven frames of one street: as fine as the simulated benchmark, over the whole range. */
const kittiFrames = {
  grid: { rho: [0, 50], z: [-4, 2], shape: [240, 180, 16] },
  network: benchmark.network,
  // One frame has labels. Points of weight 1: so its three seeds were measured.
  settings: { ...benchmark.settings, labelledPerStep: 1, steps: 1000, cameras: 1, pseudoPointWeight: 1 },
} as const;

/** For tests of the machinery. */
const tiny = {
  grid: { rho: [0, 25], z: [-4, 4], shape: [24, 36, 8], wrapAzimuth: true },
  network: { width: 2, pointWidths: [8, 8], voxelInputChannels: 4 },
  settings: { steps: 3, lidarRays: 32, cameras: 1, raysPerCamera: 32, samplesPerRay: 8, checkpointEvery: 1 },
} as const;

/** @param simulatedFar metres that a simulated world reaches; cells keep their size. */
export function planOf(spec: RunSpec, numClasses: number, simulatedFar?: number): RunPlan {
  const nuScenes = !spec.dataset.includes('kitti');
  const base =
    spec.dataset === 'tiny'
      ? tiny
      : spec.dataset === 'kitti-frames'
        ? kittiFrames
        : simulatedFar === undefined
          ? published
          : benchmark;
  const far = simulatedFar ?? 50;
  const reach =
    base === benchmark
      ? { rho: [0, far] as const, shape: [Math.round((120 * far) / 25), 180, 20] as const }
      : {};
  return {
    grid: cylindricalGrid(nuScenes ? 'nuscenes' : 'semantickitti', { ...base.grid, ...reach }),
    network: cylinder3dConfig({
      ...base.network,
      numClasses,
      ...(spec.width === undefined ? {} : { width: spec.width }),
    }),
    settings: trainSettings.parse({
      ...(nuScenes ? publishedSettings.nuscenes : publishedSettings.semantickitti),
      ...base.settings,
      ...spec.settings,
      method: spec.method,
    }),
  };
}
