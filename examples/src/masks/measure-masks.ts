import type { FrameDataset } from '@nerfseg/datasets';
import type { MasksOf } from '@nerfseg/ssl';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { commit } from '../runner/commit.js';
import type { Context } from '../runner/context.js';
import { need } from '../runner/need.js';
import { openSam } from '../runner/open-sam.js';
import type { Trained } from '../runner/run-one.js';
import { bridges, labelByBridges } from '../studies/bridge-labels.js';
import { countPointLabels, type LabelCounts } from '../studies/count-point-labels.js';
import type { MaskResult } from './mask-results.js';
import type { Pictures } from './pictures.js';
import { seenPoints } from './seen-points.js';
import type { MaskSetting } from './settings.js';
import { emptyTally, tallyMasks } from './tally-masks.js';

/** Ways to spoil each picture that are averaged. */
const draws = 20;

/**
 * Gets masks of all pictures in one way, and counts what the points in them say; `trained`: also what its pseudo-labels in them are worth.
 *
 * @returns undefined where it was interrupted.
 */
export async function measureMasks(
  { name, sam, corruption }: MaskSetting,
  pictures: Pictures,
  context: Context,
  trained?: Trained,
): Promise<MaskResult | undefined> {
  const { dataset, views, frames } = pictures;
  const { truth } = pictures;
  const { masksOf, close } = await openMasks(sam, corruption && truth?.(corruption));
  // One large segment that is lost or not moves the figures of a dozen pictures by ten points: many ways to lose them are averaged.
  const ways =
    corruption && truth
      ? [masksOf, ...Array.from({ length: draws - 1 }, (_, draw) => truth({ ...corruption, draw }))]
      : [masksOf];
  try {
    const start = performance.now();
    let tally = emptyTally(dataset.labelSpace.names.length);
    for (const { frame, view } of views) {
      if (context.signal.aborted) return undefined;
      const seen = await seenPoints(frame, view);
      for (const way of ways) {
        const masks = await need(way(view, frame));
        if (seen) tally = tallyMasks(tally, masks, seen);
      }
    }
    const seconds = (performance.now() - start) / 1000;
    const pseudo =
      trained &&
      (await countPointLabels(trained, dataset, frames, bridges, labelByBridges(masksOf, trained.plan)));
    return {
      kind: 'masks',
      dataset: pictures.name,
      setting: name,
      command: context.command,
      commit,
      seconds: Math.round(10 * seconds) / 10,
      pictures: tally.pictures,
      masks: tally.masks,
      points: byName(dataset, tally.labelled, tally.covered, tally.right),
      ...(pseudo
        ? {
            pseudo: Object.fromEntries(
              bridges.map((bridge) => [bridge, pointsOf(dataset, pseudo[bridge].all)]),
            ),
          }
        : {}),
    };
  } finally {
    await close();
  }
}

const pointsOf = (dataset: FrameDataset, { seen, labelled, right }: LabelCounts) =>
  byName(dataset, seen, labelled, right);

const byName = (
  { labelSpace: { names } }: FrameDataset,
  ...columns: readonly [readonly number[], readonly number[], readonly number[]]
): Record<string, readonly [number, number, number]> =>
  Object.fromEntries(
    names.flatMap((name, id) =>
      id > 0 && columns[0][id]! > 0
        ? [[name, [columns[0][id]!, columns[1][id]!, columns[2][id]!] as const]]
        : [],
    ),
  );

/** Masks of a picture are made once, though they are asked for twice. */
async function openMasks(
  sam: MaskSetting['sam'],
  truth: MasksOf | undefined,
): Promise<{ readonly masksOf: MasksOf; readonly close: () => Promise<void> }> {
  if (truth) return { masksOf: truth, close: async () => {} };
  const source = await openSam(sam);
  const known = new Map<string, ReturnType<MasksOf>>();
  return {
    masksOf: (view) => {
      const found = known.get(view.imagePath);
      if (found) return found;
      const made = (async () =>
        TE.Monad.chain(view.image(), (picture) => source.segment(picture, view.imagePath))())();
      known.set(view.imagePath, () => made);
      return () => made;
    },
    close: async () => source.close?.(),
  };
}
