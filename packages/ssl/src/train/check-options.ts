import { type DataError, dataError } from '@nerfseg/geometry';
import { mixClassesOf } from '../data/mix-classes.js';
import { methods } from '../methods/methods.js';
import type { TrainOptions } from './train-options.js';

/** What of a run's options does not fit together; undefined where all does. */
export function checkOptions({
  dataset,
  labelled,
  unlabelled,
  settings,
  masks,
  network,
}: TrainOptions): DataError | undefined {
  const bad = (field: string, found: string, expected: string): DataError =>
    dataError('mismatch', dataset.name, field, found, expected);
  if (labelled.length === 0)
    return dataError('empty', dataset.name, 'labelled', 'no frames', 'at least one frame');
  const classes = dataset.labelSpace.names.length;
  if (network.numClasses !== classes)
    return bad('network.numClasses', String(network.numClasses), `${classes}, the label space's`);
  if (settings.classWeights && settings.classWeights.length !== classes)
    return bad('classWeights', `${settings.classWeights.length} weights`, `${classes}, one per class`);
  if (settings.polarMix > 0 && !mixClassesOf(settings, dataset.labelSpace.names))
    return bad('polarMixClasses', 'nothing', "the classes that move, in the data set's numbers");
  const unknown = settings.polarMixClasses?.find((c) => c >= classes);
  if (unknown !== undefined) return bad('polarMixClasses', String(unknown), `classes below ${classes}`);
  const { segmentEntropyOfClass } = settings;
  if (segmentEntropyOfClass && segmentEntropyOfClass.length !== classes)
    return bad(
      'segmentEntropyOfClass',
      `${segmentEntropyOfClass.length} thresholds`,
      `${classes}, one per class`,
    );
  const { needs, problem } = methods[settings.method];
  if (needs.unlabelled && unlabelled.length === 0)
    return dataError(
      'empty',
      dataset.name,
      'unlabelled',
      'no frames',
      `at least one frame for method '${settings.method}'`,
    );
  if (needs.masks && !masks) return bad('masks', 'nothing', `a mask source for method '${settings.method}'`);
  if (needs.masks && !unlabelled.some((index) => dataset.frame(index).cameras.length > 0))
    return dataError(
      'empty',
      dataset.name,
      'cameras',
      `none in ${unlabelled.length} unlabelled frames`,
      `pictures for method '${settings.method}'`,
    );
  const found = problem?.(settings);
  return found && bad(found.field, found.found, found.expected);
}
