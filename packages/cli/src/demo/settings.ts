import type { SimulationOptions } from '@nerfseg/sim';
import { elevationsOf } from '../options/scanner.js';

/** All sizes of the demo. */
export interface DemoSettings {
  /** Begins the name of its folder of work: worlds of two sizes do not meet. */
  readonly name: '' | 'quick-';
  readonly simulation: Omit<SimulationOptions, 'seed'>;
  /** Share of the training frames that keep their labels. */
  readonly labelled: number;
  /** Optimizer steps of each method: on engines that use all cores, and on those that cannot. */
  readonly steps: { readonly fast: number; readonly slow: number };
  /** As in a `--config` file. */
  readonly config: {
    readonly network: {
      readonly width: number;
      readonly pointWidths: number[];
      readonly voxelInputChannels: number;
    };
    readonly grid: {
      readonly shape: [number, number, number];
      readonly rho: [number, number];
      readonly wrapAzimuth: boolean;
    };
    readonly training: Readonly<Record<string, unknown>>;
    readonly masks: { readonly pointsPerSide: number };
  };
  /** Every so many pixels one is rendered for the pictures. */
  readonly renderStride: number;
}

/**
 * The demo. Minutes on two cores (FEATURES.md) with a native engine; tfjs-wasm computes on one core and some six times
 * slower: it therefore takes fewer steps.
 */
export const fullDemo: DemoSettings = {
  name: '',
  simulation: {
    format: 'nuscenes',
    scenes: { train: 8, val: 3 },
    framesPerScene: 4,
    frameSpacing: 1.5,
    lidar: { elevations: elevationsOf('nuscenes', 32), azimuthSteps: 720 },
    // A few minutes' training has no time for night and fog.
    conditions: ['clear', 'overcast'],
    cameras: ['CAM_FRONT', 'CAM_BACK'],
    imageSize: { width: 400, height: 225 },
  },
  labelled: 0.125,
  steps: { fast: 300, slow: 110 },
  config: {
    network: { width: 8, pointWidths: [32, 64], voxelInputChannels: 16 },
    grid: { shape: [120, 120, 16], rho: [0, 50], wrapAzimuth: true },
    training: {
      learningRate: 0.01,
      lidarRays: 256,
      cameras: 2,
      raysPerCamera: 512,
      samplesPerRay: 48,
      // A teacher must forget its first steps within a run as short as this.
      averageDecay: 0.95,
      pseudoStart: 0.4,
      checkpointEvery: 50,
    },
    masks: { pointsPerSide: 20 },
  },
  renderStride: 3,
};

/** The smallest world on which every stage still does something: for tests of the machinery, not of the method. */
export const quickDemo: DemoSettings = {
  name: 'quick-',
  simulation: {
    format: 'nuscenes',
    scenes: { train: 1, val: 1 },
    framesPerScene: 2,
    frameSpacing: 1,
    lidar: { elevations: elevationsOf('nuscenes', 16), azimuthSteps: 240 },
    cameras: ['CAM_FRONT'],
    imageSize: { width: 160, height: 90 },
    supersampling: 0,
  },
  labelled: 0.5,
  steps: { fast: 4, slow: 4 },
  config: {
    network: { width: 2, pointWidths: [8, 16], voxelInputChannels: 4 },
    grid: { shape: [48, 48, 16], rho: [0, 50], wrapAzimuth: true },
    training: { lidarRays: 64, cameras: 1, raysPerCamera: 64, samplesPerRay: 16, checkpointEvery: 2 },
    masks: { pointsPerSide: 4 },
  },
  renderStride: 5,
};
