import { type CylindricalGrid, cylindricalGrid, type DataError, type GridPreset } from '@nerfseg/geometry';
import { type Either, isLeft } from 'fp-ts/lib/Either.js';
import type { Cylinder3dConfig, KernelMaps } from '../config.js';
import { parameterSpecs } from '../parameters.js';
import type { HostTensor } from '../safetensors/types.js';
import { decodeTorch } from '../torch/decode-torch.js';
import { guarded, refuse } from '../torch/refuse.js';
import { foreignNames, type Naming } from './foreign-names.js';
import { inferConfig } from './infer-config.js';
import { matchParameters } from './match-parameters.js';
import {
  hasUnusedNorm,
  ignoredClassFirst,
  unitIntensity,
  type Values,
  withoutUnusedNorm,
} from './own-conventions.js';
import { readValues } from './read-values.js';
import { recognise } from './recognise.js';
import type { WeightLayout } from './weight-layouts.js';

/** What the file itself does not say. */
export interface ImportOptions {
  /** What the network was trained on: decides the grid and the scale of intensities. Default: by the number of classes, 20 or 17. */
  readonly dataset?: GridPreset;
  /** Default: 'released' for spconv 1 layouts, 'paper' for spconv 2, where convolutions cannot share another shape's rulebook. */
  readonly kernelMaps?: KernelMaps;
}

/** A checkpoint's network in this project's names and layouts. */
export interface ImportedNetwork {
  readonly config: Cylinder3dConfig;
  /** Every parameter and statistic of `parameterSpecs(config)`, F32. */
  readonly tensors: Readonly<Record<string, HostTensor>>;
  readonly dataset: GridPreset;
  /** The grid it was trained on, unless that was changed: 480 x 360 x 32 cells of the released interval. */
  readonly grid: CylindricalGrid;
  readonly naming: Naming;
  readonly layout: WeightLayout;
  /** What was changed or concluded, as sentences. */
  readonly notes: readonly string[];
}

const datasetOf = (numClasses: number): GridPreset => {
  if (numClasses === 20) return 'semantickitti';
  if (numClasses === 17) return 'nuscenes';
  return refuse(
    'mismatch',
    'classes',
    String(numClasses),
    '20 (SemanticKITTI) or 17 (nuScenes), the ignored one included',
    'Name the data set.',
  );
};

/**
 * Turns a PyTorch checkpoint of Cylinder3D, as its authors' code or mmdetection3d names it, into a network of this project. `bytes` is
 * the file that `torch.save` wrote; nothing of it is run. Errors name `source` and the tensor.
 */
export function importCylinder3d(
  bytes: Uint8Array,
  source: string,
  options: ImportOptions = {},
): Either<DataError, ImportedNetwork> {
  const decoded = decodeTorch(bytes, source);
  if (isLeft(decoded)) return decoded;
  return guarded(source, () => {
    const checkpoint = recognise(decoded.right);
    const { naming } = checkpoint;
    const sizes = inferConfig(checkpoint, 'paper');
    const specs = parameterSpecs(sizes);
    const foreign = foreignNames(naming, sizes.pointWidths.length);
    const { layout, matches } = matchParameters(specs, foreign, checkpoint.tensors);
    const kernelMaps = options.kernelMaps ?? (layout === 'spconv1' ? 'released' : 'paper');
    const dataset = options.dataset ?? datasetOf(sizes.numClasses);
    const { values, notes } = toOwnConventions(
      readValues(matches, layout),
      naming,
      dataset,
      sizes.numClasses,
    );
    const tensors = specs.map(({ name, shape }): [string, HostTensor] => [
      name,
      { dtype: 'F32', shape, data: values[name] },
    ]);
    return {
      config: { ...sizes, kernelMaps },
      tensors: Object.fromEntries(tensors),
      dataset,
      grid: cylindricalGrid(dataset, { interval: 'released' }),
      naming,
      layout,
      notes,
    };
  });
}

function toOwnConventions(
  read: Values,
  naming: Naming,
  dataset: GridPreset,
  numClasses: number,
): { values: Values; notes: string[] } {
  const notes: string[] = [];
  let values = read;
  if (naming === 'mmdetection3d') {
    values = ignoredClassFirst(values, numClasses);
    notes.push('The ignored class, last in mmdetection3d, is now class 0.');
  }
  if (dataset === 'nuscenes') {
    values = unitIntensity(values, 255);
    notes.push('Intensities are read as 0..1; the checkpoint learnt 0..255.');
  }
  if (naming === 'cylinder3d' && hasUnusedNorm(values)) {
    values = withoutUnusedNorm(values);
    notes.push(
      "The context block's bn1 never took part in training (as in the authors' code for spconv 2): it is the identity.",
    );
  }
  return { values, notes };
}
