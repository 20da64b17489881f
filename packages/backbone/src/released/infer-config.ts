import { type Cylinder3dConfig, cylinder3dConfig, type KernelMaps } from '../config.js';
import { errorText } from '../error-text.js';
import { refuse } from '../torch/refuse.js';
import { foreignNames } from './foreign-names.js';
import { missing } from './missing.js';
import type { RecognisedCheckpoint } from './recognise.js';

/** Hidden layers of a point encoder that are looked for; the released one has 3. */
const mostLayers = 16;

/** The sizes of a checkpoint's network, from the tensors that say them whatever the layout: biases and norms. */
export function inferConfig(checkpoint: RecognisedCheckpoint, kernelMaps: KernelMaps): Cylinder3dConfig {
  const { naming, tensors } = checkpoint;
  const lengthOf = (name: string): number => {
    const shape = tensors.get(name)?.shape ?? missing(name, tensors.keys());
    return shape.length === 1
      ? shape[0]
      : refuse('mismatch', `${name}.shape`, shape.join(' x ') || 'a single number', 'one axis');
  };
  const pointWidths: number[] = [];
  const normOf = (layer: number): string => foreignNames(naming, layer + 1)(`point.norm${layer}.weight`);
  while (pointWidths.length < mostLayers && tensors.has(normOf(pointWidths.length)))
    pointWidths.push(lengthOf(normOf(pointWidths.length)));
  if (pointWidths.length === 0) missing(normOf(0), tensors.keys());
  const foreign = foreignNames(naming, pointWidths.length);
  const pointChannels = lengthOf(foreign('point.norm.weight'));
  if (pointChannels !== 9)
    refuse(
      'mismatch',
      `${foreign('point.norm.weight')}.shape`,
      `${pointChannels} values per point`,
      "the released network's 9",
    );
  try {
    return cylinder3dConfig({
      numClasses: lengthOf(foreign('logits.bias')),
      width: lengthOf(foreign('context.branchA.norm0.weight')),
      voxelInputChannels: lengthOf(foreign('point.compress.bias')),
      pointChannels,
      pointWidths,
      kernelMaps,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse('out-of-range', 'sizes', errorText(error), 'sizes that a network can have');
  }
}
