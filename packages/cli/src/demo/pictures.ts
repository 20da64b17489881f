import { join } from 'node:path';
import { type Frame, loadLabelled, writePng } from '@nerfseg/datasets';
import type { TrainResult } from '@nerfseg/ssl';
import type { MaskCache } from '../data/mask-cache.js';
import { compareFromAbove, compareInCameras } from '../pictures/compare-pages.js';
import { need } from '../terminal/failure.js';
import type { RunFrames } from '../training/choose-frames.js';
import type { RunPlan } from '../training/run-plan.js';
import { renderFrame } from './render-frame.js';
import { renderingPage } from './rendering-page.js';

/** The validation frame that the pictures show. */
export const shownFrame = ({ dataset, validation }: RunFrames): Frame =>
  validation ? validation.dataset.frame(validation.frames[validation.frames.length >> 1]!) : dataset.frame(0);

/** Draws truth beside the predictions of every method, from above and in the cameras; returns the files. */
export async function drawComparisons(
  out: string,
  frames: RunFrames,
  predictions: readonly (readonly [title: string, classes: Uint8Array])[],
): Promise<string[]> {
  const frame = shownFrame(frames);
  const { points, labels } = await need(loadLabelled(frame));
  const comparison = {
    frame,
    positions: points.positions,
    labellings: [['truth', labels] as const, ...predictions],
  };
  const { labelSpace } = frames.dataset;
  const above = join(out, 'birds-eye.png');
  const cameras = join(out, 'cameras.png');
  await need(writePng(above, compareFromAbove(comparison, labelSpace, 'y')));
  await need(writePng(cameras, await compareInCameras(comparison, labelSpace)));
  return [above, cameras];
}

/** Draws what the NeRF head renders of an unlabelled frame's first camera; undefined for methods without one. */
export async function drawRendering(
  out: string,
  root: string,
  result: TrainResult,
  { settings, grid }: RunPlan,
  { dataset, unlabelled }: RunFrames,
  cache: MaskCache,
  stride: number,
): Promise<string | undefined> {
  const frame = dataset.frame(unlabelled[unlabelled.length >> 1]!);
  const view = frame.cameras[0];
  if (!view) return undefined;
  const masks = await need(cache.masksOf(view, frame));
  const rendered = await renderFrame(result, frame, view, masks, settings, grid, stride);
  if (!rendered) return undefined;
  const path = join(out, 'rendering.png');
  const { labelSpace } = dataset;
  const picture = await renderingPage(
    root,
    frame,
    view,
    masks,
    rendered,
    labelSpace,
    stride,
    settings.minOpacity,
  );
  await need(writePng(path, picture));
  return path;
}
