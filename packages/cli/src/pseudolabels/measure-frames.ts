import { disposeFeatures, encodeScans, planScans } from '@nerfseg/backbone';
import { type FrameDataset, prepareScan } from '@nerfseg/datasets';
import { createRandom, type FusedSegment } from '@nerfseg/geometry';
import { joinKnownPixels, type KnownPixels, knownPixels } from '@nerfseg/pseudolabel';
import type { NerfHead } from '@nerfseg/render';
import { renderOptions, scanLevels, type TrainSettings, voxelSemantics } from '@nerfseg/ssl';
import type { MaskCache } from '../data/mask-cache.js';
import { need } from '../terminal/failure.js';
import { stopIfInterrupted } from '../terminal/stop-if-interrupted.js';
import type { Terminal } from '../terminal/terminal.js';
import type { RunWeights } from '../training/weights-file.js';
import { fuseView, type Way, ways } from './fuse-view.js';
import { pixelTruth, pointTruth, type TruthKind } from './view-truth.js';

/** What one way of labelling made of all pictures. */
export interface Measured {
  readonly segments: readonly FusedSegment[];
  readonly known: KnownPixels;
}

export interface MeasureOptions {
  readonly root: string;
  readonly dataset: FrameDataset;
  readonly frames: readonly number[];
  readonly weights: RunWeights;
  readonly head?: NerfHead;
  readonly settings: TrainSettings;
  readonly masks: MaskCache;
  readonly truth: TruthKind;
  readonly seed: number;
}

/** Pseudo-labels of every camera of the frames, counted against the truth. */
export async function measureFrames(
  { root, dataset, frames, weights, head, settings, masks: cache, truth, seed }: MeasureOptions,
  terminal: Terminal,
): Promise<{ readonly pictures: number; readonly ways: ReadonlyMap<Way, Measured> }> {
  const { network, grid } = weights;
  const { numClasses } = network.config;
  const random = createRandom(seed);
  const found = new Map<Way, { segments: FusedSegment[]; known: KnownPixels[] }>();
  let pictures = 0;
  const progress = terminal.progress('pseudo-labels', frames.length);
  try {
    for (const [done, index] of frames.entries()) {
      stopIfInterrupted(terminal, dataset.name, `${done} of ${frames.length} frames measured`);
      const frame = dataset.frame(index);
      const plain = await need(prepareScan(frame, { grid, numClasses, labelled: truth === 'points' }));
      const plan = planScans([plain.scan], network.config);
      const features = encodeScans(network, plan, { training: false, levels: head !== undefined });
      try {
        const voxels = await voxelSemantics(features.logits);
        const teacher = head ? { head, levels: scanLevels(features, 0, grid) } : undefined;
        for (const view of frame.cameras) {
          const masks = await need(cache.masksOf(view, frame));
          const fused = await fuseView({
            ...{ plain, view, masks, voxels, settings },
            ...(teacher ? { teacher } : {}),
            render: renderOptions(settings, grid),
            random: random.fork(`${frame.id} ${view.name}`),
          });
          const { maskOfPixel, classes } =
            truth === 'pixels'
              ? await need(() => pixelTruth(root, frame.sequence, view, masks))
              : pointTruth(plain, view, masks);
          pictures++;
          for (const [way, segments] of fused) {
            const all = found.get(way) ?? { segments: [], known: [] };
            found.set(way, all);
            all.segments.push(...segments);
            all.known.push(knownPixels(segments, maskOfPixel, classes, numClasses));
          }
        }
      } finally {
        disposeFeatures(features);
      }
      progress.update(done + 1, frame.id);
    }
  } finally {
    progress.stop();
  }
  const joined = ways.flatMap((way): (readonly [Way, Measured])[] => {
    const all = found.get(way);
    return all ? [[way, { segments: all.segments, known: joinKnownPixels(all.known, numClasses) }]] : [];
  });
  return { pictures, ways: new Map(joined) };
}
