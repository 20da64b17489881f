import { trainSettings } from '@nerfseg/ssl';
import { z } from 'zod';
import { maskSettings } from './mask-settings.js';

const range = z.tuple([z.number(), z.number()]);
const count = z.number().int().positive();

/** Every setting of a run but its data: what `--config` files and `--set` may say. */
export const runConfig = z.strictObject({
  seed: z.number().int().min(0).default(0).describe('of every random choice'),
  network: z
    .strictObject({
      width: count.default(16).describe('base width of the U-Net: 16 in most tables, 32 in the full model'),
      kernelMaps: z
        .enum(['paper', 'released'])
        .optional()
        .describe("the paper's architecture, or the released code's, which its weights need"),
      pointWidths: z
        .array(count)
        .min(1)
        .optional()
        .describe('hidden layers of the point encoder; default: 64, 128, 256'),
      voxelInputChannels: count.optional().describe('channels that the point encoder hands to the voxels'),
    })
    .prefault({}),
  grid: z
    .strictObject({
      preset: z
        .enum(['semantickitti', 'nuscenes'])
        .optional()
        .describe('where the grid begins and ends; default: as the data set is'),
      shape: z
        .tuple([count, count, count])
        .optional()
        .describe('cells along rho, phi and z; default: 480, 360, 32'),
      rho: range.optional().describe('metres from the sensor, least and largest'),
      z: range.optional().describe('metres of height in the sensor frame, least and largest'),
      interval: z
        .enum(['plain', 'released'])
        .optional()
        .describe(
          'cell size: range / shape, or range / (shape - 1) as the released code has it (not with wrapAzimuth)',
        ),
      wrapAzimuth: z.boolean().optional().describe('whether neighbours are found across the seam at +-pi'),
    })
    .prefault({}),
  training: trainSettings.prefault({}),
  masks: maskSettings.prefault({}).describe("Segment-Anything's automatic masks"),
});

export type RunConfig = z.output<typeof runConfig>;
