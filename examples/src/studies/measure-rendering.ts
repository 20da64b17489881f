import type { RayBundle } from '@nerfseg/geometry';
import { castCameraToPoints, castLidarRays, marchRays } from '@nerfseg/render';
import { bestClasses, pointSemantics, rayLimits, renderSamples } from '@nerfseg/ssl';
import type { Trained } from '../runner/run-one.js';
import {
  byOriginAndNamer,
  type Namer,
  placements,
  type RayQuality,
  type RenderingResult,
} from './rendering-table.js';
import { type SeenFrame, seeFrame } from './see-frame.js';
import { someUnlabelled } from './some-unlabelled.js';

/** One in so many labelled points has its ray. */
const every = 5;

interface Tally {
  rays: number;
  right: number;
  readonly off: number[];
}

/**
 * Renders along rays through LiDAR returns of unlabelled training frames, from the scanner and from the cameras that see them, and compares
 * class and depth with what is known there.
 */
export async function measureRendering(
  trained: Trained,
  frames: number,
): Promise<RenderingResult['quality']> {
  const { result, plan, data } = trained;
  const { head } = result;
  if (!head) throw new Error('measureRendering: needs a method that renders');
  const { grid, settings } = plan;
  const { numClasses } = result.network.config;
  const tallies = byOriginAndNamer((): Tally => ({ rays: 0, right: 0, off: [] }));
  const { near, far } = rayLimits(grid);
  const measure = async ({ plain, voxels, levels }: SeenFrame): Promise<void> => {
    const { positions } = plain.points;
    const likeliest = bestClasses(voxels.probabilities, numClasses);
    const known = (points: Iterable<number>): Int32Array =>
      Int32Array.from(points).filter(
        (n) => n % every === 0 && plain.pointLabels[n]! > 0 && plain.scan.voxelOfPoint[n]! >= 0,
      );
    const look = async (
      into: Record<Namer, Tally>,
      points: Int32Array,
      rays: RayBundle,
      range: Float32Array,
    ): Promise<void> => {
      const truth = (k: number): number => plain.pointLabels[points[k]!]!;
      for (const [k, n] of points.entries())
        count(into.voxels, likeliest[plain.scan.voxelOfPoint[n]!] === truth(k));
      for (const placement of placements) {
        const options = { samples: settings.samplesPerRay, finestFirst: placement !== 'evenly' };
        const samples = marchRays(rays, grid, levels.indices, options);
        const { probabilities, depth, opacity } = await renderSamples(head, levels, samples);
        const classes = bestClasses(probabilities, numClasses);
        for (let k = 0; k < points.length; k++) {
          const mean = depth[k]! / Math.max(opacity[k]!, 1e-3);
          count(into[placement], classes[k] === truth(k), Math.abs(mean - range[k]!));
        }
      }
    };
    const all = known(positions.keys());
    const fromLidar = castLidarRays(positions, all, { far });
    await look(tallies.LiDAR, all, fromLidar.rays, fromLidar.range);
    for (const view of plain.frame.cameras) {
      const seen = known(pointSemantics(plain, voxels, view).points);
      const { rays, range } = castCameraToPoints(view, positions, seen, { near });
      await look(tallies.cameras, seen, { ...rays, far }, range);
    }
  };
  for (const index of someUnlabelled(data, frames))
    await seeFrame(trained, data.dataset.frame(index), measure);
  return byOriginAndNamer((origin, namer) => qualityOf(tallies[origin][namer]));
}

function count(into: Tally, right: boolean, off?: number): void {
  into.rays += 1;
  if (right) into.right += 1;
  if (off !== undefined) into.off.push(off);
}

function qualityOf({ rays, right, off }: Tally): RayQuality {
  const sorted = Float64Array.from(off).sort();
  const at = (share: number): number => Number((sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(3));
  return { rays, right, ...(off.length === 0 ? {} : { depthError: { median: at(0.5), fifth: at(0.8) } }) };
}
