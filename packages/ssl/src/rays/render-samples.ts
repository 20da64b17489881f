import type { PixelSemantics } from '@nerfseg/geometry';
import { type NerfHead, type RaySamples, renderRays, toPixelSemantics } from '@nerfseg/render';
import * as tf from '@tensorflow/tfjs-core';
import type { ScanLevels } from './scan-levels.js';

/** What marched rays render to, without gradients, as plain data. A head may look at the finest levels only: so must the samples. */
export async function renderSamples(
  head: NerfHead,
  levels: Pick<ScanLevels, 'features' | 'logits'>,
  samples: RaySamples,
): Promise<PixelSemantics> {
  const rendered = tf.tidy(() =>
    renderRays(head, levels.features.slice(0, head.config.levelChannels.length), samples, {
      render: 'probabilities',
      // Opacity has its own gate: what light passed through must not count as doubt as well.
      unseen: 'normalise',
      voxelLogits: levels.logits,
    }),
  );
  const semantics = await toPixelSemantics(rendered);
  tf.dispose({ ...rendered });
  return semantics;
}
