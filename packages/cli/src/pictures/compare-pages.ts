import type { Frame } from '@nerfseg/datasets';
import type { Image, LabelSpace } from '@nerfseg/geometry';
import { need } from '../terminal/failure.js';
import { drawBirdsEye } from './birds-eye.js';
import { drawCameraPoints, projectSweep } from './camera-points.js';
import { classColors } from './colors.js';
import { legend, legendOf } from './legend.js';
import { type Panel, page } from './panels.js';

/** The points of one frame with several labellings: truth and predictions. */
export interface Comparison {
  readonly frame: Frame;
  readonly positions: Float32Array;
  /** Title and [N] class ids; truth first. */
  readonly labellings: readonly (readonly [title: string, classes: Uint8Array])[];
}

/** Truth and predictions side by side, from above. */
export function compareFromAbove(
  { frame, positions, labellings }: Comparison,
  labelSpace: LabelSpace,
  forward: 'x' | 'y',
): Image {
  const colors = classColors(labelSpace);
  const panels = labellings.map(([title, classes]) => ({
    title,
    picture: drawBirdsEye(positions, (point) => colors[classes[point]!], { range: 40, size: 600, forward }),
  }));
  return page(`From above, frame ${frame.id}`, panels, panels.length, legendFor(labellings, labelSpace));
}

/** Truth and predictions side by side, a row per camera. */
export async function compareInCameras(
  { frame, positions, labellings }: Comparison,
  labelSpace: LabelSpace,
): Promise<Image> {
  const colors = classColors(labelSpace);
  const panels: Panel[] = [];
  for (const view of frame.cameras) {
    const picture = await need(view.image());
    const sweep = projectSweep(view, positions);
    for (const [title, classes] of labellings)
      panels.push({
        title: `${view.name}  ${title}`,
        picture: drawCameraPoints(picture, sweep, (point) => [colors[classes[point]!]!, 0.95], 1.6),
      });
  }
  return page(
    `In the cameras, frame ${frame.id}`,
    panels,
    labellings.length,
    legendFor(labellings, labelSpace),
  );
}

const legendFor =
  (labellings: Comparison['labellings'], labelSpace: LabelSpace) =>
  (width: number): Image[] => {
    const classes = new Set<number>();
    for (const [, ids] of labellings) for (const id of ids) classes.add(id);
    return [legend(legendOf(labelSpace.names, classColors(labelSpace), classes), width)];
  };
