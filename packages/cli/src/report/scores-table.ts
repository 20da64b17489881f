import type { LabelSpace } from '@nerfseg/geometry';
import type { Evaluation } from '@nerfseg/ssl';
import { percent } from './numbers.js';
import { renderTable } from './table.js';

/** IoU per class and its means, of points and of voxels, in percent; a dash where a class does not occur. */
export function scoresTable({ point, voxel }: Evaluation, { names }: LabelSpace): string {
  const classes = names.map((name, id) => [name, percent(point.perClass[id]), percent(voxel.perClass[id])]);
  return renderTable(
    ['IoU %', 'points', 'voxels'],
    [
      ...classes.slice(1),
      [''],
      ['mIoU', percent(point.miou), percent(voxel.miou)],
      ['fwIoU', percent(point.fwIou), percent(voxel.fwIou)],
      ['accuracy', percent(point.accuracy), percent(voxel.accuracy)],
    ],
  );
}

/** The same for programs: IoU by class name. */
export const scoresByClass = (
  perClass: readonly (number | null)[],
  { names }: LabelSpace,
): Record<string, number | null> =>
  Object.fromEntries(names.slice(1).map((name, i) => [name, perClass[i + 1] ?? null]));
