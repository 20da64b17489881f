import type { CylindricalGrid, Random, SegmentMasks } from '@nerfseg/geometry';
import {
  type LabelledView,
  labelHidden,
  labelView,
  type PointSemantics,
  renderOptions,
  type TrainSettings,
  visiblePoints,
} from '@nerfseg/ssl';
import type { Looked, Said } from './count-point-labels.js';

/** What the method says of the points that a z-buffer leaves in a picture: rays and points vote in its masks. */
export async function labelByRendering(
  { teacher, view, plain }: Looked,
  seen: PointSemantics,
  masks: SegmentMasks,
  { grid, settings }: { readonly grid: CylindricalGrid; readonly settings: TrainSettings },
  random: Random,
): Promise<Said & { readonly view: LabelledView }> {
  const { visible, hidden } = await visiblePoints(teacher, seen, plain.points, view, settings, grid);
  const labels = await labelView(
    teacher,
    view,
    masks,
    visible,
    settings,
    renderOptions(settings, grid),
    random,
  );
  const classOfPoint = new Uint8Array(plain.pointLabels.length);
  for (const [k, n] of labels.points.indices.entries()) classOfPoint[n] = labels.points.classes[k]!;
  labelHidden(hidden, settings, classOfPoint);
  const { points } = seen;
  return { view: labels, points, classes: Uint8Array.from(points, (n) => classOfPoint[n]!) };
}
