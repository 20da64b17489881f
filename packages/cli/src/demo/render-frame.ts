import { disposeFeatures, encodeScans, planScans } from '@nerfseg/backbone';
import { type CameraView, type Frame, prepareScan } from '@nerfseg/datasets';
import {
  type CylindricalGrid,
  createRandom,
  type FusedSegment,
  type PixelSemantics,
  type SegmentMasks,
} from '@nerfseg/geometry';
import { pixelGrid } from '@nerfseg/render';
import {
  labelView,
  pointSemantics,
  renderOptions,
  renderView,
  type ScanLevels,
  scanLevels,
  type TrainResult,
  type TrainSettings,
  visiblePoints,
  voxelSemantics,
} from '@nerfseg/ssl';
import { need } from '../terminal/failure.js';

/** What the NeRF head makes of one camera. */
export interface RenderedFrame {
  /** Of every `stride`-th pixel, row by row. */
  readonly semantics: PixelSemantics;
  /** Rendered pixels per row. */
  readonly columns: number;
  /** What training would take from this camera: segments that rays fell on, class 0 where they are not trusted. */
  readonly segments: readonly FusedSegment[];
}

/** Rays rendered at a time: their samples' features are in memory at once. */
const raysPerChunk = 1024;

/** Renders a camera of a frame through the averaged network and head, and fuses it with the masks as training does. */
export async function renderFrame(
  { network, head }: TrainResult,
  frame: Frame,
  view: CameraView,
  masks: SegmentMasks,
  settings: TrainSettings,
  grid: CylindricalGrid,
  stride: number,
): Promise<RenderedFrame | undefined> {
  if (!head) return undefined;
  const { numClasses } = network.config;
  const prepared = await need(prepareScan(frame, { grid, numClasses, labelled: false }));
  const features = encodeScans(network, planScans([prepared.scan], network.config), {
    training: false,
    levels: true,
  });
  try {
    const levels = scanLevels(features, 0, grid);
    const render = renderOptions(settings, grid);
    const pixels = pixelGrid(view.width, view.height, stride);
    // However a head has learned, its pictures are truer with samples in the finest voxels first.
    const picture = renderOptions({ ...settings, finestFirst: true }, grid);
    const rendered = async (part: Int32Array): Promise<PixelSemantics> =>
      (await renderView(head, levels, view, part, picture)).semantics;
    const semantics = await inChunks(pixels, rendered);
    const teacher: { head: typeof head; levels: ScanLevels } = { head, levels };
    const seen =
      settings.pseudoPointWeight > 0
        ? (
            await visiblePoints(
              teacher,
              pointSemantics(prepared, await voxelSemantics(features.logits), view, settings.pointVisibility),
              prepared.points,
              view,
              settings,
              grid,
            )
          ).visible
        : undefined;
    const labelled = await labelView(teacher, view, masks, seen, settings, render, createRandom(0));
    return { semantics, columns: columnsOf(pixels), segments: labelled.segments };
  } finally {
    disposeFeatures(features);
  }
}

/** Pixels of the first row. */
const columnsOf = (pixels: Int32Array): number => {
  let columns = 0;
  while (columns * 2 < pixels.length && pixels[columns * 2 + 1] === pixels[1]) columns++;
  return columns;
};

async function inChunks(
  pixels: Int32Array,
  rendered: (part: Int32Array) => Promise<PixelSemantics>,
): Promise<PixelSemantics> {
  const parts: PixelSemantics[] = [];
  for (let start = 0; start < pixels.length; start += raysPerChunk * 2)
    parts.push(await rendered(pixels.slice(start, start + raysPerChunk * 2)));
  const joined = (of: (part: PixelSemantics) => Float32Array): Float32Array => {
    const all = new Float32Array(parts.reduce((sum, part) => sum + of(part).length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(of(part), at);
      at += of(part).length;
    }
    return all;
  };
  return {
    numClasses: parts[0]!.numClasses,
    probabilities: joined((part) => part.probabilities),
    entropy: joined((part) => part.entropy),
    depth: joined((part) => part.depth),
    opacity: joined((part) => part.opacity),
  };
}
