import type { CylindricalGrid, PinholeCamera, PixelSemantics, Pose, RayBundle } from '@nerfseg/geometry';
import { castRays, marchRays, type NerfHead } from '@nerfseg/render';
import { renderSamples } from './render-samples.js';
import type { ScanLevels } from './scan-levels.js';

export interface RenderViewOptions {
  readonly grid: CylindricalGrid;
  readonly samplesPerRay: number;
  /** As `marchRays` takes it. Default true. */
  readonly finestFirst?: boolean;
}

/** Where rendering begins and ends for a grid: from the camera's housing to the grid's rim. */
export const rayLimits = (grid: CylindricalGrid): { near: number; far: number } => ({
  near: 0.5,
  far: grid.rho[1] * 1.2,
});

/**
 * Renders pixels of one camera from one scan's features, without gradients: what a teacher thinks the camera sees.
 *
 * @param pixels [R*2] column, row
 */
export async function renderView(
  head: NerfHead,
  levels: ScanLevels,
  camera: PinholeCamera & { readonly cameraFromLidar: Pose },
  pixels: Int32Array,
  { grid, samplesPerRay, finestFirst = true }: RenderViewOptions,
): Promise<{ rays: RayBundle; semantics: PixelSemantics }> {
  const rays = castRays(camera, pixels, rayLimits(grid));
  // A head may look at the finest levels only.
  const count = head.config.levelChannels.length;
  const samples = marchRays(rays, grid, levels.indices.slice(0, count), {
    samples: samplesPerRay,
    finestFirst,
  });
  const semantics = await renderSamples(head, levels, samples);
  return { rays, semantics };
}
