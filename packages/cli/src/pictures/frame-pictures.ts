import { join } from 'node:path';
import { writePng } from '@nerfseg/datasets';
import type { Image, LabelSpace, SegmentMasks } from '@nerfseg/geometry';
import type { FrameSummary } from '../data/inspect-frame.js';
import { need } from '../terminal/failure.js';
import { birdsEyePage } from './birds-eye-page.js';
import {
  drawCameraPoints,
  type PointColor,
  type ProjectedSweep,
  projectSweep,
  scaledSweep,
} from './camera-points.js';
import { shrunk, widthOf } from './canvas.js';
import { classColors, depthColor } from './colors.js';
import { drawMasks } from './draw-masks.js';
import { legend, legendOf, scaleBar } from './legend.js';
import { type Panel, page } from './panels.js';

/** A frame's id as a folder's name. */
export const folderOf = (id: string): string => id.replace(/[^\w.-]+/g, '-');

/**
 * Writes the pictures of one frame: per camera the points coloured by class (where labelled) and by depth and the masks
 * (where given), all cameras on one page, and the view from above.
 *
 * @returns the files' paths.
 */
export async function writeFramePictures(
  folder: string,
  summary: FrameSummary,
  labelSpace: LabelSpace,
  masks: readonly SegmentMasks[],
  forward: 'x' | 'y',
): Promise<string[]> {
  const { frame, positions, labels } = summary;
  const colors = classColors(labelSpace);
  const written: string[] = [];
  const write = async (name: string, picture: Image): Promise<void> => {
    const path = join(folder, name);
    await need(writePng(path, picture));
    written.push(path);
  };
  const classLegend = (classes: Iterable<number>) => (width: number) => [
    legend(legendOf(labelSpace.names, colors, classes), width),
  ];
  const classes = new Set<number>();
  const overview: Panel[] = [];
  for (const [i, view] of frame.cameras.entries()) {
    const picture = await need(view.image());
    const sweep = projectSweep(view, positions);
    const title = (what: string): string => `${frame.id}  ${view.name}  ${what}`;
    const byDepth: PointColor = (point) => [depthColor(sweep.depth[point]!), 0.9];
    const byLabel: PointColor = (point) => [colors[labels![point]!]!, labels![point] === 0 ? 0.6 : 0.95];
    await write(
      `${view.name}-depth.png`,
      page(
        title('points by depth'),
        [{ title: '', picture: drawCameraPoints(picture, sweep, byDepth) }],
        1,
        depthScale,
      ),
    );
    if (labels) {
      const seen = new Set<number>();
      for (const point of sweep.order) seen.add(labels[point]!);
      for (const label of seen) classes.add(label);
      const drawn = drawCameraPoints(picture, sweep, byLabel);
      await write(
        `${view.name}-labels.png`,
        page(title('points by label'), [{ title: '', picture: drawn }], 1, classLegend(seen)),
      );
    }
    overview.push({
      title: `${view.name}  ${sweep.order.length} points`,
      picture: small(picture, sweep, labels ? byLabel : byDepth),
    });
    const found = masks[i];
    if (found)
      await write(`${view.name}-masks.png`, masksPage(title(`${found.masks.length} masks`), picture, found));
  }
  if (overview.length > 1)
    await write(
      'cameras.png',
      page(`${frame.id}  points in every camera`, overview, 3, labels ? classLegend(classes) : depthScale),
    );
  await write('birds-eye.png', birdsEyePage(summary, labelSpace, colors, forward));
  return written;
}

const depthScale = (width: number): Image[] => [
  scaleBar('2 m', '60 m', (share) => depthColor(2 * 30 ** share), width),
];

/** Shrunk first and drawn on afterwards: dots keep their size. */
function small(picture: Image, sweep: ProjectedSweep, colorOf: PointColor): Image {
  const factor = Math.max(1, Math.ceil(widthOf(picture) / 640));
  return drawCameraPoints(shrunk(picture, factor), scaledSweep(sweep, 1 / factor), colorOf);
}

const masksPage = (heading: string, picture: Image, masks: SegmentMasks): Image =>
  page(
    heading,
    [
      { title: 'picture', picture },
      { title: 'masks, the smallest on top', picture: drawMasks(picture, masks) },
    ],
    widthOf(picture) > 900 ? 1 : 2,
  );
