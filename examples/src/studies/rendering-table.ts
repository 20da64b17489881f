import { join } from 'node:path';
import { readKind } from '../runner/json-results.js';
import { markdown } from '../tables/cells.js';

/** Where rays come from, and where samples lie on them. */
export const origins = ['LiDAR', 'cameras'] as const;
export type Origin = (typeof origins)[number];
export const placements = ['evenly', 'finest voxels first'] as const;
export type Placement = (typeof placements)[number];
/** Who names a ray's class: the voxel at its end, or rendering. */
export type Namer = 'voxels' | Placement;

/** One for each origin and namer. */
export const byOriginAndNamer = <A>(
  of: (origin: Origin, namer: Namer) => A,
): Record<Origin, Record<Namer, A>> => {
  const byNamer = (origin: Origin): Record<Namer, A> => ({
    voxels: of(origin, 'voxels'),
    evenly: of(origin, 'evenly'),
    'finest voxels first': of(origin, 'finest voxels first'),
  });
  return { LiDAR: byNamer('LiDAR'), cameras: byNamer('cameras') };
};

/** How true the pictures of one network are, as `results/rendering.*.json` keeps it. */
export interface RenderingResult {
  readonly kind: 'rendering';
  /** Where samples lay while it learned. */
  readonly learnt: Placement;
  readonly seed: number;
  readonly command: string;
  readonly commit: string;
  readonly seconds: number;
  readonly frames: number;
  readonly quality: Readonly<Record<Origin, Readonly<Record<Namer, RayQuality>>>>;
}

/** Of rays through LiDAR returns: how many, how many got the return's class, and how far their depth is off. */
export interface RayQuality {
  readonly rays: number;
  readonly right: number;
  /** Metres: median, and what a fifth of the rays exceed; none for the voxel head, which sees no depth. */
  readonly depthError?: { readonly median: number; readonly fifth: number };
}

export const renderingFile = (folder: string, learnt: Placement, seed: number): string =>
  join(folder, `rendering.${learnt.replaceAll(' ', '-')}.${seed}.json`);

/** Percent right and depth errors, by origin of the rays and by where samples lay; '' where nothing was measured. */
export function renderingTable(folder: string): string {
  const found = readKind<RenderingResult>(folder, 'rendering');
  if (found.length === 0) return '';
  const rows = origins.flatMap((origin) =>
    placements.flatMap((learnt) => {
      const own = found.filter((result) => result.learnt === learnt);
      if (own.length === 0) return [];
      const cells = (['voxels', ...placements] as const).map((way) =>
        cellOf(own.map(({ quality }) => quality[origin][way])),
      );
      return [[`${origin}, learnt with samples ${learnt} (${own.length})`, ...cells]];
    }),
  );
  return markdown(
    [
      'classes right, % of rays; depth off by, m: median, a fifth by more (seeds)',
      'the voxel itself',
      ...placements.map((placement) => `samples ${placement}`),
    ],
    rows,
  );
}

function cellOf(of: readonly RayQuality[]): string {
  const sum = (value: (quality: RayQuality) => number): number => of.reduce((all, q) => all + value(q), 0);
  const right = ((100 * sum(({ right }) => right)) / sum(({ rays }) => rays)).toFixed(1);
  const depth = (which: 'median' | 'fifth'): string =>
    (sum(({ depthError }) => depthError?.[which] ?? 0) / of.length).toFixed(2);
  return of[0]?.depthError ? `${right}; ${depth('median')}, ${depth('fifth')}` : right;
}
