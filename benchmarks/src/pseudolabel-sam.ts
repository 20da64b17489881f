// Segment-Anything's masks per minute, and how well they cover labelled LiDAR points. Peer: the same two ONNX models in a plain loop.
import { join } from 'node:path';
import { readImage } from '@nerfseg/datasets';
import type { Image, SegmentMasks } from '@nerfseg/geometry';
import {
  type MaskHints,
  maskPurity,
  type SamOptions,
  samMasks,
  segmentsAtPixels,
} from '@nerfseg/pseudolabel';
import type { BenchRow } from './harness.js';
import { type LabelledView, labelledViews } from './kitti-views.js';
import { plainGenerator } from './plain-generator.js';

const percent = (share: number): string => (100 * share).toFixed(1);

/** Coverage and purity of labelled points, as the README of pseudolabel defines them. */
export const qualityOf = (masks: SegmentMasks, view: LabelledView) =>
  maskPurity(segmentsAtPixels(masks, view.pixels), view.labels);

const open = async (options: SamOptions) => {
  const source = await samMasks(options)();
  if (source._tag === 'Left') throw new Error(source.left.found);
  return source.right;
};

/** Masks of several pictures with as many on their way as the source likes; in their order. */
async function segmentAll(
  options: SamOptions,
  pictures: readonly { readonly picture: Image; readonly hints?: MaskHints }[],
): Promise<{ readonly masks: SegmentMasks[]; readonly prompts: number[]; readonly ms: number }> {
  const prompts: number[] = [];
  const source = await open({
    ...options,
    report: ({ key, prompts: count }) => (prompts[Number(key)] = count),
  });
  try {
    const masks: SegmentMasks[] = [];
    const segment = async (i: number): Promise<void> => {
      const made = await source.segment(pictures[i]!.picture, String(i), pictures[i]!.hints)();
      if (made._tag === 'Left') throw new Error(made.left.found);
      masks[i] = made.right;
    };
    // Loads the decoder of this picture's form, where that would count: a full grid takes ten seconds a picture.
    if (options.preset === 'fast' || options.maxPrompts !== undefined) await segment(0);
    const start = performance.now();
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < pictures.length) await segment(next++);
    };
    await Promise.all(Array.from({ length: source.concurrency ?? 1 }, lane));
    return { masks, prompts, ms: performance.now() - start };
  } finally {
    await source.close?.();
  }
}

/** A 16:9 picture, where there is one: KITTI's are wider than most. */
const nuScenesPicture = async (realData: string): Promise<Image | undefined> => {
  const { readdir } = await import('node:fs/promises');
  const folder = join(realData, 'nuscenes/samples/CAM_FRONT');
  const [name] = await readdir(folder).catch(() => []);
  if (name === undefined) return undefined;
  const picture = await readImage(join(folder, name))();
  return picture._tag === 'Right' ? picture.right : undefined;
};

export async function samRows(quick: boolean, realData: string | undefined): Promise<BenchRow[]> {
  if (realData === undefined) return [];
  const views = await labelledViews(realData, [0, 2]);
  const side = quick ? 8 : 32;
  const rows: BenchRow[] = [];
  const peerName = 'plain loop over the same two models';
  const compare = async (
    name: string,
    pictures: readonly {
      readonly picture: Image;
      readonly hints?: MaskHints;
      readonly view?: LabelledView;
    }[],
    presets: readonly SamOptions[],
  ): Promise<void> => {
    const plain = await plainGenerator();
    // Once, over the first picture: it takes a minute.
    const start = performance.now();
    const theirs = await plain.generate(pictures[0]!.picture, side);
    const peer = performance.now() - start;
    await plain.close();
    for (const options of presets) {
      const { masks, prompts, ms } = await segmentAll({ pointsPerSide: side, ...options }, pictures);
      const ours = ms / pictures.length;
      const told = pictures.map(({ view }, i) =>
        view === undefined ? undefined : qualityOf(masks[i]!, view),
      );
      const quality = told.every((q) => q !== undefined)
        ? `, covered ${told.map((q) => percent(q.coverage)).join(' and ')} %, pure ${told.map((q) => percent(q.purity)).join(' and ')} %`
        : '';
      const note = `${prompts.join(' and ')} prompts, ${masks.map((m) => m.masks.length).join(' and ')} masks${quality}; ${(60_000 / ours).toFixed(1)} pictures a minute, peer ${(60_000 / peer).toFixed(1)} (${theirs.masks.length} masks)`;
      const title = `${name}, ${JSON.stringify(options)}`;
      rows.push({ name: title, ours, peer, peerName, ratio: peer / ours, note });
    }
  };
  const kitti = views.map((view) => ({ picture: view.picture, hints: { lidar: view.lidar }, view }));
  const presets = [
    {},
    { trimPadding: false },
    { preset: 'fast' },
    { prompts: 'lidar', maxPrompts: 64 },
  ] as const;
  await compare(`samMasks, KITTI, ${side} x ${side}`, kitti, presets);
  const wide = quick ? undefined : await nuScenesPicture(realData);
  if (wide)
    await compare(
      `samMasks, nuScenes 1600 x 900, ${side} x ${side}`,
      [{ picture: wide }, { picture: wide }],
      [{}],
    );
  return rows;
}
