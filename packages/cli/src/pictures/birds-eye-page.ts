import type { Image, LabelSpace } from '@nerfseg/geometry';
import type { FrameSummary } from '../data/inspect-frame.js';
import { drawBirdsEye } from './birds-eye.js';
import type { Color } from './canvas.js';
import { depthColor } from './colors.js';
import { legend, legendOf } from './legend.js';
import { page } from './panels.js';

/** A sweep from above with a legend: by class, or by height where there are no labels. */
export function birdsEyePage(
  { frame, positions, labels }: Pick<FrameSummary, 'frame' | 'positions' | 'labels'>,
  { names }: LabelSpace,
  colors: readonly Color[],
  forward: 'x' | 'y',
): Image {
  // 2 m below the sensor (the ground) is blue, 4 m above it red.
  const height = (point: number): Color => depthColor(2 * 30 ** (0.9 - (positions[point * 3 + 2]! + 2) / 7));
  const picture = drawBirdsEye(positions, labels ? (point) => colors[labels[point]!] : height, {
    range: 50,
    size: 900,
    forward,
  });
  return page(
    `${frame.id}  from above, ${labels ? 'by label' : 'by height'}`,
    [{ title: 'the sensor in the middle, driving direction up', picture }],
    1,
    (width) => (labels ? [legend(legendOf(names, colors, labels), width)] : []),
  );
}
