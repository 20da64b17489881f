import { z } from 'zod';
import { methodNames } from '../methods/method-names.js';
import { scheduleNames } from '../optim/schedules.js';
import { pointVisibilities } from '../teacher/point-visibility.js';
import { conflictRules } from '../teacher/settle-conflicts.js';

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const count = z.number().int().positive();
const weight = z.number().min(0);

/** Training settings; every field has a default and says what it is, so `trainSettings.parse({ steps: 200 })` is complete. */
export const trainSettings = z
  .strictObject({
    method: z
      .enum(methodNames)
      .default('supervised')
      .describe('how unlabelled scans are learned from; supervised: not at all'),
    steps: count.default(1000).describe('optimizer steps'),
    labelledPerStep: count
      .default(2)
      .describe('labelled scans in a batch; of 1 alone, batch norms learn what ground that scan stands on'),
    unlabelledPerStep: count.default(1).describe('unlabelled scans in a batch'),
    accumulate: count.default(1).describe('batches whose gradients are averaged into one optimizer step'),
    augment: z
      .boolean()
      .default(true)
      .describe('change the scans that are learned from, as the next six settings say'),
    rotation: z.number().min(0).max(180).default(45).describe('degrees: largest turn about z, either way'),
    flip: z.boolean().default(true).describe('mirror x, y, both or neither'),
    scale: z
      .tuple([positive, positive])
      .refine(([lowest, highest]) => lowest <= highest, 'the lowest factor before the highest')
      .default([0.95, 1.05])
      .describe('factor on x and y'),
    shift: weight.default(0.1).describe('metres: standard deviation of a shift along each axis'),
    dropout: z.number().min(0).max(0.95).default(0).describe('largest share of the points that is dropped'),
    polarMix: share
      .default(0)
      .describe('how often a labelled scan comes a second time, mixed with another one by PolarMix'),
    polarMixClasses: z
      .array(count.max(255))
      .min(1)
      .optional()
      .describe(
        "classes whose things PolarMix pastes; default: all that move, in the data set's own classes",
      ),

    optimizer: z.enum(['adamw', 'sgd']).default('adamw').describe('what turns gradients into steps'),
    momentum: share.default(0.9).describe("sgd's momentum"),
    nesterov: z.boolean().default(false).describe("sgd: Nesterov's momentum"),
    schedule: z.enum(scheduleNames).default('one-cycle').describe('how the learning rate goes over the run'),
    warmup: share
      .optional()
      .describe('share of the steps over which the learning rate rises; default: 0.3 of one-cycle, else 0'),
    learningRate: positive.default(1e-3).describe('peak of the schedule'),
    weightDecay: weight.default(0.01).describe('pulls matrices and kernels to zero; vectors are spared'),
    gradientClip: weight.default(10).describe('largest joint L2 norm of the gradients; 0: any'),
    lovaszWeight: weight.default(1).describe('of the Lovasz-softmax beside the cross-entropy'),
    classBalance: z
      .enum(['none', 'inverse-sqrt'])
      .default('inverse-sqrt')
      .describe('class weights, from how often each class is labelled'),
    classWeights: z
      .array(weight)
      .optional()
      .describe('weight of every class, the ignored class 0 first; in place of classBalance'),
    averageDecay: share.default(0.99).describe('of the averaged network: the teacher, and what is evaluated'),

    pseudoStart: share.default(1 / 3).describe('share of the steps before pseudo-labels are used'),
    pseudoRamp: share.default(1 / 4).describe('share of the steps over which their weight rises'),
    nerfWeight: weight.default(0.2).describe('a: rendered classes of rays with known labels'),
    densityWeight: weight.default(0.1).describe('LiDAR returns supervise density on every scan'),
    pseudoWeight: weight.default(0.2).describe('b: rendered classes against pseudo-labels'),

    pseudoPointWeight: weight
      .default(0.3)
      .describe(
        'pseudo-labels of LiDAR points inside kept segments (multi-view: on which views agree), which then vote too; 0: rays alone, as in the paper',
      ),

    consistencyWeight: weight
      .default(250)
      .describe(
        'mean-teacher, lasermix: squared difference to the averaged network (LaserMix: 500 on nuScenes)',
      ),
    crossWeight: weight.default(1.5).describe("cps: each network's classes teach the other"),
    mixWeight: weight.default(1).describe('lasermix: the loss on mixed scans'),
    mixAreas: z
      .array(z.number().int().min(2).max(255))
      .min(1)
      .default([4, 5, 6, 7, 8])
      .describe(
        'lasermix: into how many areas inclinations are cut, one of these (LaserMix: 3 to 6 on nuScenes)',
      ),
    mixInclination: z
      .tuple([z.number().min(-90).max(90), z.number().min(-90).max(90)])
      .refine(([lowest, highest]) => lowest < highest, 'the lowest inclination before the highest')
      .default([-25, 3])
      .describe("degrees: the scanner's lowest and highest inclination (LaserMix: -30 to 10 on nuScenes)"),
    pseudoThreshold: share
      .default(0.9)
      .describe("lasermix: least probability of the averaged network's classes (LaserMix: 0.95 on nuScenes)"),
    viewFrames: count
      .optional()
      .describe('multi-view: how many other frames of the drive a scan is compared with; default: 2'),
    viewGap: weight.optional().describe('multi-view: seconds between these frames at least; default: 0.4'),
    viewReach: positive
      .optional()
      .describe("multi-view: metres within which two frames' points are the same place; default: 0.3"),
    viewsNeeded: count
      .optional()
      .describe(
        'multi-view: frames that must have seen a place; default: 2; 1: what one frame alone saw speaks for itself',
      ),
    selfTrainingRounds: count.default(4).describe('cbst: how often the labelling network is renewed'),
    selfTrainingScans: count
      .default(100)
      .describe('cbst: scans over which a round balances the classes, drawn at random'),
    selfTrainingShare: share.default(0.2).describe('cbst: share of each class believed in the first round'),
    selfTrainingLastShare: share.default(0.5).describe('cbst: ... and in the last one'),

    pointsPerSegment: count
      .optional()
      .describe('projection: at most so many points of a mask are learned from, spread over it; default: 24'),
    lidarRays: count.default(512).describe('per scan, for density and labelled rendering'),
    cameras: count.default(2).describe('per unlabelled scan and step, drawn at random'),
    raysPerCamera: count.default(1024).describe('rays that are rendered in each camera'),
    rayStrategy: z
      .enum(['segment', 'uniform', 'border'])
      .default('segment')
      .describe(
        'how the first half of them is drawn: every segment its share, every pixel alike, or segments towards their borders',
      ),
    samplesPerRay: count.default(64).describe('places along a ray where density and classes are asked for'),
    finestFirst: z
      .boolean()
      .default(false)
      .describe(
        "rays are sampled in voxels that LiDAR hit before places that the decoder's coarser levels alone fill: truer pictures, but networks learned better without",
      ),
    renderLevels: z
      .enum(['all', 'finest'])
      .default('all')
      .describe("which of the decoder's levels rays sample; the coarser ones fill the gaps between beams"),
    headWidth: count.default(32).describe('hidden channels of the NeRF head'),
    stopDensityGradient: z
      .boolean()
      .default(true)
      .describe(
        "density is learned from the network's features without changing them; false: it shapes them, as in the paper",
      ),

    labelledBy: z
      .enum(['average', 'student'])
      .default('average')
      .describe('who sees the plain scan and labels; student: the network itself, as in the paper'),
    pseudoSegments: z
      .boolean()
      .default(true)
      .describe('confident pixels label their whole mask; false: only themselves'),
    pseudoConflict: z
      .enum(conflictRules)
      .optional()
      .describe(
        'where a pixel or point is sure of another class than its mask: the mask (the paper, and the default of projection), its own, or none (the default of rendering). With scribbles let masks decide',
      ),
    conflictEntropy: share
      .optional()
      .describe(
        'how sure it has to be of that: contradicts only below this entropy; default: confidentEntropy, as whoever votes',
      ),
    pseudoSampling: z
      .enum(['entropy', 'random'])
      .default('entropy')
      .describe('where the second half of the rays goes: to unsure pixels of kept masks, or anywhere'),
    confidentEntropy: share.default(0.35).describe('a pixel below it is confident, and votes in its segment'),
    segmentEntropy: share.default(0.35).describe('Hth: a segment is kept below it'),
    segmentEntropyOfClass: z
      .array(share)
      .optional()
      .describe('segmentEntropy for every class, the ignored class 0 first; in its place'),
    minCoverage: share.default(0.3).describe('confident share of a kept segment'),
    minOpacity: share.default(0.5).describe('sky is not a class: rays below it do not vote'),
    pointVisibility: z
      .enum(pointVisibilities)
      .default('z-buffer')
      .describe(
        'which points in a picture vote and learn there: those that a z-buffer of the points leaves, or all (straight projection, as in the paper)',
      ),
    minTransmittance: share
      .default(0)
      .describe(
        'points that less of the light reaches, through the rendered density, are hidden from the camera: they do not vote, and learn what the teacher is sure of without a picture; 0: none is hidden',
      ),

    checkpointEvery: count.default(200).describe('steps between checkpoints'),
    keepCheckpoints: count
      .default(3)
      .describe('how many of the last checkpoints are kept, beside the best one'),
    validateEvery: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe('steps between evaluations on the validation frames; 0: only after the last step'),
    divergence: weight
      .default(20)
      .describe('a loss term so many times higher than at first stops the run; 0: never'),
  })
  .readonly();

export type TrainSettings = z.output<typeof trainSettings>;

/** Settings that change what is kept and told, not what is learned: a run may go on with others. */
export const bookkeeping = ['checkpointEvery', 'keepCheckpoints', 'validateEvery', 'divergence'] as const;
