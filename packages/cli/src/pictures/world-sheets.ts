import { join } from 'node:path';
import { type FrameDataset, writeJpeg } from '@nerfseg/datasets';
import type { Image } from '@nerfseg/geometry';
import { image } from '@nerfseg/geometry';
import { type GroundTruth, readGroundTruth, skyClass } from '@nerfseg/sim';
import { inspectFrame } from '../data/inspect-frame.js';
import { spreadFrames } from '../options/frame-ranges.js';
import { need } from '../terminal/failure.js';
import { drawBirdsEye } from './birds-eye.js';
import { type Color, shrunk, widthOf } from './canvas.js';
import { classColors } from './colors.js';
import { collectSights, type Gallery, galleryTiles } from './gallery.js';
import { legend, legendOf } from './legend.js';
import { type Panel, page } from './panels.js';

const skyColor: Color = [112, 150, 190];
/** Width of a picture on the sheets, pixels. */
const panelWidth = 400;
const quality = 82;

/**
 * Writes what a simulated data set looks like: pictures beside their class images, sweeps from above in class colours, and the clearest sight
 * of every class.
 *
 * @param root the data set, with its ground truth.
 * @param progress called with the number of frames looked at.
 * @returns the files' paths.
 */
export async function writeWorldSheets(
  folder: string,
  root: string,
  dataset: FrameDataset,
  forward: 'x' | 'y',
  progress: (done: number) => void,
): Promise<string[]> {
  const { labelSpace } = dataset;
  const colors = classColors(labelSpace);
  const gallery: Gallery = new Map();
  const views: Panel[] = [];
  const sweeps: Panel[] = [];
  const seen = new Set<number>();
  const shown = new Set(spreadFrames(dataset.length, 6));
  const above = new Set([...shown].filter((_, i) => i % 2 === 0));
  for (let index = 0; index < dataset.length; index++) {
    const frame = dataset.frame(index);
    for (const [i, view] of frame.cameras.entries()) {
      const key = { sequence: frame.sequence, camera: view.name, timestamp: view.timestamp };
      const truth = await need(readGroundTruth(root, key));
      const picture = await need(view.image());
      collectSights(gallery, picture, truth, labelSpace.names.length);
      if (i > 0 || !shown.has(index)) continue;
      const factor = Math.max(1, Math.floor(widthOf(picture) / panelWidth));
      views.push(
        { title: `${frame.sequence} ${view.name}`, picture: shrunk(picture, factor) },
        { title: 'class of every pixel', picture: shrunk(classImage(truth, colors), factor) },
      );
      for (const id of new Set(truth.classes)) if (id !== skyClass) seen.add(id);
    }
    if (above.has(index)) {
      const { positions, labels } = await need(inspectFrame(frame, labelSpace.names.length));
      const colorOf = (point: number): Color => colors[labels?.[point] ?? 0]!;
      const picture = drawBirdsEye(positions, colorOf, { range: 45, size: 520, forward });
      sweeps.push({ title: `${frame.sequence} from above`, picture });
      for (const id of new Set(labels)) seen.add(id);
    }
    progress(index + 1);
  }
  const classLegend = (width: number): Image[] => [legend(legendOf(labelSpace.names, colors, seen), width)];
  const sheets: readonly (readonly [string, Image])[] = [
    ['pictures', page('pictures and their classes', views, 4, classLegend)],
    ['sweeps', page('sweeps by class', sweeps, 3, classLegend)],
    ['classes', page('every class', galleryTiles(gallery, labelSpace, colors, 232), 5)],
  ];
  const paths: string[] = [];
  for (const [name, sheet] of sheets) {
    const path = join(folder, `${name}.jpg`);
    await need(writeJpeg(path, sheet, quality));
    paths.push(path);
  }
  return paths;
}

function classImage({ classes, width, height }: GroundTruth, colors: readonly Color[]): Image {
  const picture = image(width, height);
  classes.forEach((id, at) => {
    picture.data.set(id === skyClass ? skyColor : colors[id]!, at * 3);
  });
  return picture;
}
