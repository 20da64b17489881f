import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FrameDataset, type PublishedLabelFraction, readLabelFraction } from '@nerfseg/datasets';
import { dataError } from '@nerfseg/geometry';
import type { Context } from './context.js';
import { Failure, need } from './need.js';
import type { RunResult } from './results.js';
import type { RunSpec } from './spec.js';

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

/** The runs with the labels of the list that was given, if one was: their names say so, for other labels make another result. */
export function labelledByList(runs: readonly RunSpec[], context: Context): readonly RunSpec[] {
  const labels = digestOf(context);
  for (const run of runs) {
    if (run.labels !== undefined && run.labels !== labels)
      throw new Failure(
        dataError('mismatch', '--spec', 'labels', run.labels, labels ?? 'a list of them: --labels-list'),
      );
    if (labels !== undefined && run.dataset === 'kitti-frames')
      throw new Failure(
        dataError(
          'out-of-range',
          'arguments',
          '--labels-list',
          context.labelsList!,
          'nothing: all runs have the labels of frame 0',
        ),
      );
  }
  return labels === undefined ? runs : runs.map((run) => ({ ...run, labels }));
}

/**
 * The results that a table is made of: with labels drawn by seeds, or, where a list was given, with listed ones. Each list is of one share: of a
 * share that this list has no results of, those of others are shown.
 */
export function ofThoseLabels(results: readonly RunResult[], context: Context): readonly RunResult[] {
  const asked = digestOf(context);
  if (asked === undefined) return results.filter(({ labels }) => labels === undefined);
  const shares = new Set(results.filter(({ labels }) => labels === asked).map(({ fraction }) => fraction));
  return results.flatMap(({ labels, ...result }) =>
    labels === asked || (labels !== undefined && !shares.has(result.fraction)) ? [result] : [],
  );
}

function digestOf({ labelsList }: Context): string | undefined {
  if (labelsList === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(labelsList, 'utf8');
  } catch (problem) {
    throw new Failure(
      dataError(
        'missing-file',
        labelsList,
        '--labels-list',
        (problem as Error).message,
        'a list of labelled frames',
      ),
    );
  }
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
