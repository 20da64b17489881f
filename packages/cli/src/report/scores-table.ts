import type { LabelSpace } from '@nerfseg/geometry';
import type { Evaluation } from '@nerfseg/ssl';
import { percent } from './numbers.js';
import { renderTable } from './table.js';

/** Per-class IoU and mIoU of one or more evaluations, point-level and voxel-level, in percent. */
export function scoresTable(
  evaluations: readonly (readonly [name: string, Evaluation])[],
  { names }: LabelSpace,
): string {
  const one = evaluations.length === 1;
  const header = [
    'IoU %',
    ...evaluations.flatMap(([name]) => [one ? 'point' : `${name} point`, one ? 'voxel' : `${name} voxel`]),
  ];
  const row = (
    title: string,
    of: (evaluation: Evaluation) => readonly (number | null | undefined)[],
  ): string[] => [title, ...evaluations.flatMap(([, evaluation]) => of(evaluation).map(percent))];
  const classes = names
    .map((name, id) => row(name, ({ point, voxel }) => [point.perClass[id], voxel.perClass[id]]))
    .slice(1);
  return renderTable(header, [
    ...classes,
    row('mIoU', ({ point, voxel }) => [point.miou, voxel.miou]),
    row('fwIoU', ({ point, voxel }) => [point.fwIou, voxel.fwIou]),
    row('accuracy', ({ point, voxel }) => [point.accuracy, voxel.accuracy]),
  ]);
}

/** The same for programs: IoU by class name. */
export const scoresByClass = (
  perClass: readonly (number | null)[],
  { names }: LabelSpace,
): Record<string, number | null> =>
  Object.fromEntries(names.slice(1).map((name, i) => [name, perClass[i + 1] ?? null]));
