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
   * Bins a ray is cut into; those without a voxel are dropped before `samples` are chosen among the rest, evenly. More
   * bins than samples put the samples where the voxels are. Default 4 * samples.
   */
  readonly bins?: number;
  /** Positions in `levels` of those whose voxels make a place worth sampling. Default all. */
  readonly occupancyLevels?: readonly number[];
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

/** Chooses the samples of `marchRays`. `delta` is the length of the bins that a sample stands for, empty ones left out. */
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
  // Coarse levels answer yes most often: ask them first.
  const guides = chosen.sort((a, b) => b.stride[0] * b.stride[1] - a.stride[0] * a.stride[1]);
  const region = occupiedRegion(grid, guides, mode);
  const { min, interval } = cellsOf(grid);

  const rayCount = rays.origins.length / 3;
  const rayOffsets = new Int32Array(rayCount + 1);
  const t = new Float32Array(rayCount * most);
  const delta = new Float32Array(rayCount * most);
  const places = new Float64Array(rayCount * most * 3);
  const radii = new Float32Array(rayCount * most);
  const heights = new Float32Array(rayCount * most);
  // One ray's bins: their edges, and of the occupied ones number, t, and place.
  const edges = new Float64Array(bins + 1);
  const binOf = new Int32Array(bins);
  const found = new Float64Array(bins * 6);
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
    for (let k = 0; k < bins; k++) {
      const range = Math.fround(edges[k] + share * (edges[k + 1] - edges[k]));
      const x = ox + range * dx;
      const y = oy + range * dy;
      const z = oz + range * dz;
      const rho = Math.sqrt(x * x + y * y);
      const a = (rho - min[0]) / interval[0];
      const b = (Math.atan2(y, x) - min[1]) / interval[1];
      const c = (z - min[2]) / interval[2];
      // Rounding at the clipped ends, the hole inside rho[0], azimuths the grid leaves out.
      if (a < 0 || a > grid.shape[0] || b < 0 || b > grid.shape[1] || c < 0 || c > grid.shape[2]) continue;
      for (let g = 0; g < guides.length; g++) {
        if (!isTouching(guides[g], a, b, c)) continue;
        const f = occupied * 6;
        found[f] = range;
        found[f + 1] = a;
        found[f + 2] = b;
        found[f + 3] = c;
        found[f + 4] = rho;
        found[f + 5] = z;
        binOf[occupied++] = k;
        break;
      }
    }
    const kept = Math.min(occupied, most);
    for (let s = 0; s < kept; s++) {
      // Each sample stands for a run of occupied bins, and lies in the middle one.
      const first = Math.floor((s * occupied) / kept);
      const last = Math.floor(((s + 1) * occupied) / kept);
      let length = 0;
      for (let n = first; n < last; n++) length += edges[binOf[n] + 1] - edges[binOf[n]];
      const f = ((first + last) >> 1) * 6;
      t[at] = found[f];
      delta[at] = length;
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
