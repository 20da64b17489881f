import { z } from 'zod';

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const count = z.number().int().positive();

/** Training settings; every field has a default, so `parseSettings({ steps: 200 })` is complete. */
export const trainSettings = z
  .strictObject({
    method: z.enum(['supervised', 'nerf', 'projection']).default('supervised'),
    steps: count.default(1000),
    labelledPerStep: count.default(1),
    unlabelledPerStep: count.default(1),
    augment: z.boolean().default(true),

    learningRate: positive.default(1e-3).describe('peak of the one-cycle schedule'),
    weightDecay: z.number().min(0).default(0.01),
    gradientClip: positive.default(10).describe('joint L2 norm'),
    lovaszWeight: z.number().min(0).default(1),
    classBalance: z.enum(['none', 'inverse-sqrt']).default('inverse-sqrt'),
    averageDecay: share.default(0.99).describe('of the averaged network: the teacher, and what is evaluated'),

    pseudoStart: share.default(1 / 3).describe('share of the steps before pseudo-labels are used'),
    pseudoRamp: share.default(1 / 4).describe('share of the steps over which their weight rises'),
    nerfWeight: z.number().min(0).default(0.5).describe('a: rendered classes of rays with known labels'),
    densityWeight: z.number().min(0).default(0.1).describe('LiDAR returns supervise density on every scan'),
    pseudoWeight: z.number().min(0).default(1).describe('b: rendered classes against pseudo-labels'),

    pseudoPointWeight: z
      .number()
      .min(0)
      .default(1)
      .describe(
        'pseudo-labels of LiDAR points inside kept segments, which then vote too; 0: rays alone, as in the paper',
      ),

    lidarRays: count.default(512).describe('per scan, for density and labelled rendering'),
    cameras: count.default(2).describe('per unlabelled scan and step, drawn at random'),
    raysPerCamera: count.default(1024),
    samplesPerRay: count.default(64),
    headWidth: count.default(32).describe('hidden channels of the NeRF head'),

    confidentEntropy: share.default(0.35),
    segmentEntropy: share.default(0.35).describe('Hth: a segment is kept below it'),
    minCoverage: share.default(0.3).describe('confident share of a kept segment'),
    minOpacity: share.default(0.5).describe('sky is not a class: rays below it do not vote'),

    checkpointEvery: count.default(200).describe('steps between checkpoints, where a folder is given'),
  })
  .readonly();

export type TrainSettings = z.output<typeof trainSettings>;
