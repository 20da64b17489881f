import { type CylindricalGrid, cellsOf, type Random, type RayBundle } from '@nerfseg/geometry';
import type { PackedRays } from '@nerfseg/ops';
import { clipRay } from './clip-ray.js';
import { marchEdges, type Spacing } from './march-edges.js';
import { occupiedRegion } from './occupied-region.js';
import { isNearVoxel, liesInVoxel } from './touches-voxel.js';
import type { InterpolationMode, VoxelIndex } from './types.js';

export interface PlacementOptions {
  /** The most samples a ray may have. */
  readonly samples: number;
  /** Default 'nearest'. */
  readonly interpolation?: InterpolationMode;
  /** Default 'linear': steps grow with range, as cells do. */
  readonly spacing?: Spacing;
  /**
   * Bins a ray is cut into; those without a voxel are dropped before `samples` are chosen among the rest: first those in a
   * voxel of the finest level that says where to sample, a quarter at least where coarser levels alone have one. More bins
   * than samples put the samples where the voxels are. Default 4 * samples.
   */
  readonly bins?: number;
  /** Positions in `levels` of those whose voxels make a place worth sampling. Default all. */
  readonly occupancyLevels?: readonly number[];
  /** Whether samples go to the finest level's voxels first; else every bin with a voxel counts alike. Default true. */
  readonly finestFirst?: boolean;
  /** [R] metres: where each ray ends, for rays whose surface is known. Default the bundle's far. */
  readonly end?: Float32Array;
  /** Shifts each ray's samples within their bins by one uniform share per ray. Default: the middle of each bin. */
  readonly jitter?: Random;
}

/** Samples and where they lie. */
export interface PlacedSamples extends PackedRays {
  /** [S*3] rho, phi, z in base cells from the grid's lower bounds. */
  readonly positions: Float64Array;
  /** [S] metres. */
  readonly rho: Float32Array;
  /** [S] metres. */
  readonly z: Float32Array;
}

/**
 * Chooses the samples of `marchRays`. `delta` is the length of the bins that a sample stands for, empty ones left out.
 *
 * Coarse cells fill most of a ray: were samples spread evenly, nearly all would miss the voxels that LiDAR hit, the only ones with the
 * finest features (32 samples over 25 m are 0.8 m apart, such a voxel is 0.2 m deep).
 */
export const placeSamples = (
  rays: RayBundle,
  grid: CylindricalGrid,
  levels: readonly VoxelIndex[],
  options: PlacementOptions,
): PlacedSamples => {
  const most = options.samples;
  const bins = options.bins ?? 4 * most;
  const jitter = options.jitter;
  if (!(Number.isInteger(most) && most > 0 && Number.isInteger(bins) && bins > 0))
    throw new RangeError(`samples ${most}, bins ${bins}: expected positive integers`);
  const mode = options.interpolation ?? 'nearest';
  const isTouching = mode === 'nearest' ? liesInVoxel : isNearVoxel;
  const chosen = options.occupancyLevels?.map((l) => levels[l]) ?? [...levels];
  // Coarse levels answer yes most often: ask them first, and the finest, whose answer counts twice, apart.
  const guides = chosen.sort((a, b) => b.stride[0] * b.stride[1] - a.stride[0] * a.stride[1]);
  const last = guides.length - 1;
  const finestFirst = options.finestFirst ?? true;
  const region = occupiedRegion(grid, guides, mode);
  const { min, interval } = cellsOf(grid);
  // What `cellsOf` forgives in bounds that were rounded, in cells; straight behind, the division rounds, too.
  const slack = 1e-6 / interval[1];

  const rayCount = rays.origins.length / 3;
  const rayOffsets = new Int32Array(rayCount + 1);
  const t = new Float32Array(rayCount * most);
  const delta = new Float32Array(rayCount * most);
  const places = new Float64Array(rayCount * most * 3);
  const radii = new Float32Array(rayCount * most);
  const heights = new Float32Array(rayCount * most);
  // One ray's bins: their edges, and of the occupied ones length, t, and place.
  const edges = new Float64Array(bins + 1);
  const lengths = new Float64Array(bins);
  const found = new Float64Array(bins * 6);
  // Which of the occupied bins hold a voxel of the finest level, which do not, and what a bin's sample stands for.
  const fine = new Int32Array(bins);
  const rest = new Int32Array(bins);
  const standsFor = new Float64Array(bins);
  const clip = new Float64Array(2);
  let at = 0;
  for (let r = 0; r < rayCount; r++) {
    rayOffsets[r] = at;
    const share = jitter ? jitter.next() : 0.5;
    const ox = rays.origins[r * 3];
    const oy = rays.origins[r * 3 + 1];
    const oz = rays.origins[r * 3 + 2];
    const dx = rays.directions[r * 3];
    const dy = rays.directions[r * 3 + 1];
    const dz = rays.directions[r * 3 + 2];
    const far = options.end ? Math.min(options.end[r], rays.far) : rays.far;
    if (!region || !clipRay(ox, oy, oz, dx, dy, dz, rays.near, far, region, clip)) continue;
    marchEdges(clip[0], clip[1], options.spacing ?? 'linear', edges);
    let occupied = 0;
    let fineCount = 0;
    for (let k = 0; k < bins; k++) {
      const range = Math.fround(edges[k] + share * (edges[k + 1] - edges[k]));
      const x = ox + range * dx;
      const y = oy + range * dy;
      const z = oz + range * dz;
      const rho = Math.sqrt(x * x + y * y);
      const a = (rho - min[0]) / interval[0];
      const around = (Math.atan2(y, x) - min[1]) / interval[1];
      const b = Math.max(0, Math.min(around, grid.shape[1]));
      const c = (z - min[2]) / interval[2];
      // Rounding at the clipped ends, the hole inside rho[0], azimuths the grid leaves out.
      if (a < 0 || a > grid.shape[0] || Math.abs(around - b) > slack || c < 0 || c > grid.shape[2]) continue;
      let touched = -1;
      for (let g = 0; g <= last && touched < 0; g++) if (isTouching(guides[g], a, b, c)) touched = g;
      if (touched < 0) continue;
      const f = occupied * 6;
      found[f] = range;
      found[f + 1] = a;
      found[f + 2] = b;
      found[f + 3] = c;
      found[f + 4] = rho;
      found[f + 5] = z;
      lengths[occupied] = edges[k + 1] - edges[k];
      if (!finestFirst || touched === last || isTouching(guides[last], a, b, c)) fine[fineCount++] = occupied;
      else rest[occupied - fineCount] = occupied;
      occupied++;
    }
    const others = occupied - fineCount;
    // What is left of the samples is for bins that coarser levels alone fill; a quarter is theirs in any case.
    const restKept = Math.min(others, Math.max(most - fineCount, most >> 2));
    standsFor.fill(0, 0, occupied);
    thin(fine, fineCount, Math.min(fineCount, most - restKept), lengths, standsFor);
    thin(rest, others, restKept, lengths, standsFor);
    for (let n = 0; n < occupied; n++) {
      if (standsFor[n] === 0) continue;
      const f = n * 6;
      t[at] = found[f];
      delta[at] = standsFor[n];
      places[at * 3] = found[f + 1];
      places[at * 3 + 1] = found[f + 2];
      places[at * 3 + 2] = found[f + 3];
      radii[at] = found[f + 4];
      heights[at++] = found[f + 5];
    }
  }
  rayOffsets[rayCount] = at;
  return {
    rayOffsets,
    t: t.slice(0, at),
    delta: delta.slice(0, at),
    positions: places.slice(0, at * 3),
    rho: radii.slice(0, at),
    z: heights.slice(0, at),
  };
};

/** Cuts `count` bins into `kept` runs as even as can be; the middle one of each stands for its run's length. */
const thin = (
  which: Int32Array,
  count: number,
  kept: number,
  lengths: Float64Array,
  standsFor: Float64Array,
): void => {
  for (let s = 0; s < kept; s++) {
    const first = Math.floor((s * count) / kept);
    const last = Math.floor(((s + 1) * count) / kept);
    let length = 0;
    for (let n = first; n < last; n++) length += lengths[which[n]];
    standsFor[which[(first + last) >> 1]] = length;
  }
};
