import { freshArrays, type LabelSpace } from '@nerfseg/geometry';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Frame, FrameDataset } from '../types.js';

/** A data set's classes under other names, several as one where wanted; plain data. */
export interface Relabelling {
  readonly labelSpace: LabelSpace;
  /** [classes of the data set] the class of `labelSpace` that each becomes; 0 is ignored. */
  readonly classOf: readonly number[];
}

/**
 * The same frames with other classes: rare ones joined, or those that two data sets share.
 *
 * @throws RangeError where `classOf` has not one class for each of the data set's, or class 0 does not stay 0.
 */
export const relabelled = (
  dataset: FrameDataset,
  { labelSpace, classOf }: Relabelling,
  name = `${dataset.name} as ${labelSpace.name}`,
): FrameDataset => {
  const { length: classes } = dataset.labelSpace.names;
  if (classOf.length !== classes)
    throw new RangeError(`relabelled: ${classOf.length} classes for the ${classes} of ${dataset.name}`);
  for (const [from, to] of classOf.entries())
    if (!(Number.isInteger(to) && to >= 0 && to < labelSpace.names.length) || (from === 0 && to !== 0))
      throw new RangeError(
        `relabelled: class ${from} of ${dataset.name} becomes ${to} of ${labelSpace.name}`,
      );
  return {
    name,
    labelSpace,
    length: dataset.length,
    frame: (i) => {
      const frame = dataset.frame(i);
      return { ...frame, labels: labelsOf(frame, classOf) };
    },
  };
};

const labelsOf =
  (frame: Frame, classOf: readonly number[]): Frame['labels'] =>
  (arrays = freshArrays) =>
    TE.Functor.map(
      frame.labels(arrays),
      O.map((labels) => {
        // Not in place: a data set held in memory may give the same array every time.
        const classes = arrays.uint8(labels.length);
        for (let n = 0; n < labels.length; n++) classes[n] = classOf[labels[n]!]!;
        return classes;
      }),
    );
