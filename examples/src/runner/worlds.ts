import type { SimulationOptions } from '@nerfseg/sim';

/** A simulated data set, and which of its validation scenes are for choosing settings. */
export interface World {
  readonly simulation: Omit<SimulationOptions, 'format'> & {
    readonly format: 'nuscenes' | 'semantickitti' | 'scribblekitti';
    readonly scenes: { readonly train: number; readonly val: number };
    readonly framesPerScene: number;
  };
  /** The first so many validation scenes: settings are chosen on them, tables never score them. */
  readonly tuneScenes: number;
}

/**
 * The benchmark: 100 training scenes of 4 frames, 24 validation scenes (8 to choose settings on, 16 that are scored),
 * frames 1.5 s apart, everything within 25 m. Places and weathers are the simulator's mix; see @nerfseg/sim.
 */
const nuScenesLike: World = {
  simulation: {
    format: 'nuscenes',
    seed: 'proof',
    scenes: { train: 100, val: 24 },
    framesPerScene: 4,
    frameSpacing: 1.5,
    supersampling: 0,
    imageSize: { width: 320, height: 180 },
    lidar: { range: 25 },
  },
  tuneScenes: 8,
};

const kittiLike = (format: 'semantickitti' | 'scribblekitti'): World => ({
  ...nuScenesLike,
  simulation: { ...nuScenesLike.simulation, format, imageSize: { width: 620, height: 188 } },
});

/** The same streets measured by another scanner, or farther. */
const measuredBy = (model: 'vlp16' | 'hdl32e' | 'hdl64e', range: number): World => ({
  ...nuScenesLike,
  simulation: { ...nuScenesLike.simulation, lidar: { model, range } },
});

/** For tests of the machinery. */
const tiny: World = {
  simulation: {
    format: 'nuscenes',
    seed: 'tiny',
    scenes: { train: 2, val: 2 },
    framesPerScene: 1,
    frameSpacing: 1,
    supersampling: 0,
    imageSize: { width: 80, height: 45 },
    cameras: ['CAM_FRONT'],
    lidar: { model: 'vlp16', azimuthSteps: 180, range: 25 },
  },
  tuneScenes: 1,
};

/** Every simulated data set by its name. */
export const worlds: Readonly<Record<string, World>> = {
  'nuscenes-like': nuScenesLike,
  'semantickitti-like': kittiLike('semantickitti'),
  'scribblekitti-like': kittiLike('scribblekitti'),
  'lidar-16-50m': measuredBy('vlp16', 50),
  'lidar-32-50m': measuredBy('hdl32e', 50),
  'lidar-64-50m': measuredBy('hdl64e', 50),
  'lidar-32-100m': measuredBy('hdl32e', 100),
  'lidar-32-200m': measuredBy('hdl32e', 200),
  'other-car': {
    simulation: {
      ...nuScenesLike.simulation,
      seed: 'other car',
      scenes: { train: 0, val: 16 },
      lidar: { model: 'hdl64e', translation: [0, 0, 1.73], range: 25 },
    },
    tuneScenes: 0,
  },
  // Settings whose differences are below the noise of eight scenes are chosen on these; no table scores them.
  tuning: {
    simulation: { ...nuScenesLike.simulation, seed: 'tuning', scenes: { train: 0, val: 64 } },
    tuneScenes: 0,
  },
  tiny,
};
