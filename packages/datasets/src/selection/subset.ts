import type { FrameDataset } from '../types.js';

/**
 * Some frames of a data set, in the order given; a frame may be there more than once.
 *
 * @throws RangeError for an index outside of the data set.
 */
export const subset = (
  dataset: FrameDataset,
  indices: readonly number[],
  name = `${dataset.name} (${indices.length} of ${dataset.length})`,
): FrameDataset => {
  for (const index of indices)
    if (!(Number.isInteger(index) && index >= 0 && index < dataset.length))
      throw new RangeError(`subset: index ${index} of ${dataset.length} frames`);
  return {
    name,
    labelSpace: dataset.labelSpace,
    length: indices.length,
    frame: (i) => {
      if (!(i in indices)) throw new RangeError(`frame ${i} of ${indices.length}`);
      return dataset.frame(indices[i]);
    },
  };
};
