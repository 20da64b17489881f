import { type FrameDataset, type PublishedLabelFraction, readLabelFraction } from '@nerfseg/datasets';
import { dataError } from '@nerfseg/geometry';
import { Failure, need } from './need.js';

/** By how much of itself a published list may miss its percentage: it is rounded, at times in every drive. */
const rounding = 0.1;

/** The labelled frames of a published list, which has to be of the share that a run is named by: a table's column is. */
export async function listedLabels(
  list: string,
  dataset: FrameDataset,
  fraction: number,
): Promise<PublishedLabelFraction> {
  const listed = await need(readLabelFraction(list, dataset));
  const percent = (100 * listed.labelled.length) / dataset.length;
  if (Math.abs(percent - fraction) > rounding * fraction)
    throw new Failure(
      dataError(
        'out-of-range',
        list,
        'labelled frames',
        `${listed.labelled.length} of ${dataset.length}, ${percent.toFixed(1)} %`,
        `${fraction} %`,
        'A list is of one share of labels: the runs of another one need theirs.',
      ),
    );
  return listed;
}
