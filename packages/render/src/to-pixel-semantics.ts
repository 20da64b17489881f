import type { PixelSemantics } from '@nerfseg/geometry';
import type { RenderedRays } from './render-field.js';

/** What was rendered, as plain data; the tensors stay the caller's to dispose of. */
export const toPixelSemantics = async (rendered: RenderedRays): Promise<PixelSemantics> => {
  const [probabilities, entropy, depth, opacity] = await Promise.all([
    rendered.probabilities.data<'float32'>(),
    rendered.entropy.data<'float32'>(),
    rendered.depth.data<'float32'>(),
    rendered.opacity.data<'float32'>(),
  ]);
  return { numClasses: rendered.numClasses, probabilities, entropy, depth, opacity };
};
