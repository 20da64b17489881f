import type { CameraView } from '@nerfseg/datasets';
import type { CylindricalGrid, PointCloud } from '@nerfseg/geometry';
import {
  castCameraToPoints,
  evaluateDensity,
  marchRays,
  type NerfHead,
  transmittanceAt,
} from '@nerfseg/render';
import * as tf from '@tensorflow/tfjs-core';
import { rayLimits } from '../rays/render-view.js';
import type { ScanLevels } from '../rays/scan-levels.js';
import type { TrainSettings } from '../train/settings.js';
import type { PointSemantics } from './point-semantics.js';

/** Metres before a point that cannot hide it: the voxels around it are its own. A cell is 0.9 m wide at 25 m. */
const ownMatter = 1;

/** Samples before a point: density is asked for there alone, and coarsely. */
const samplesToPoint = 16;

/** Points of a z-buffer, told apart by the rendered density. */
export interface SeenAndHidden {
  readonly visible: PointSemantics;
  /** None where density was not asked. */
  readonly hidden: PointSemantics;
}

/**
 * The LiDAR points that a camera sees, as a teacher judges it: of those in `seen`, which a z-buffer left, the ones that enough light
 * reaches through the rendered density (`minTransmittance`; 0: all), and the hidden rest. The scanner sees past what the
 * camera cannot, from another place and at another moment; a hidden point would vote in, and learn from, the mask of what hides it.
 * Between the beams a z-buffer of points has gaps, density has none.
 *
 * @param seen what `pointSemantics` made of the scan's points in this view
 * @param points the scan's, as they are
 */
export async function visiblePoints(
  { head, levels }: { readonly head: NerfHead; readonly levels: ScanLevels },
  seen: PointSemantics,
  { positions }: Pick<PointCloud, 'positions'>,
  view: CameraView,
  { minTransmittance, finestFirst }: Pick<TrainSettings, 'minTransmittance' | 'finestFirst'>,
  grid: CylindricalGrid,
): Promise<SeenAndHidden> {
  if (minTransmittance === 0 || seen.points.length === 0)
    return { visible: seen, hidden: chosenOf(seen, () => false) };
  const { near } = rayLimits(grid);
  const { rays, range } = castCameraToPoints(view, positions, seen.points, { near });
  const count = head.config.levelChannels.length;
  const options = { samples: samplesToPoint, finestFirst, end: range };
  const samples = marchRays(rays, grid, levels.indices.slice(0, count), options);
  const light = tf.tidy(() => {
    const density = evaluateDensity(head, levels.features.slice(0, count), samples);
    return transmittanceAt(density, samples, range, () => ownMatter);
  });
  const share = await light.data<'float32'>();
  light.dispose();
  const reached = (k: number): boolean => share[k]! >= minTransmittance;
  return { visible: chosenOf(seen, reached), hidden: chosenOf(seen, (k) => !reached(k)) };
}

/** Those of the points that are chosen. */
function chosenOf(
  { points, pixels, semantics }: PointSemantics,
  chosen: (k: number) => boolean,
): PointSemantics {
  const rows: number[] = [];
  for (let k = 0; k < points.length; k++) if (chosen(k)) rows.push(k);
  const { numClasses } = semantics;
  const pick = (values: Float32Array): Float32Array => Float32Array.from(rows, (k) => values[k]!);
  const chosenPixels = new Int32Array(rows.length * 2);
  const probabilities = new Float32Array(rows.length * numClasses);
  for (const [n, k] of rows.entries()) {
    chosenPixels.set(pixels.subarray(k * 2, k * 2 + 2), n * 2);
    probabilities.set(semantics.probabilities.subarray(k * numClasses, (k + 1) * numClasses), n * numClasses);
  }
  return {
    points: Int32Array.from(rows, (k) => points[k]!),
    pixels: chosenPixels,
    semantics: {
      numClasses,
      probabilities,
      entropy: pick(semantics.entropy),
      depth: pick(semantics.depth),
      opacity: pick(semantics.opacity),
    },
  };
}
