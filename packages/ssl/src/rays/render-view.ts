import type { CylindricalGrid, PinholeCamera, PixelSemantics, Pose, RayBundle } from '@nerfseg/geometry';
import { castRays, marchRays, type NerfHead, renderRays, toPixelSemantics } from '@nerfseg/render';
import * as tf from '@tensorflow/tfjs-core';
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
  const rendered = tf.tidy(() =>
    renderRays(head, levels.features.slice(0, count), samples, {
      render: 'probabilities',
      // Opacity has its own gate: what light passed through must not count as doubt as well.
      unseen: 'normalise',
      voxelLogits: levels.logits,
    }),
  );
  const semantics = await toPixelSemantics(rendered);
  tf.dispose({ ...rendered });
  return { rays, semantics };
}
