import type { LabelSpace } from '@nerfseg/geometry';
import type { Evaluation } from '@nerfseg/ssl';
import { percent } from './numbers.js';
import { renderTable } from './table.js';

/** Methods side by side: IoU per class of points, then the means; the last column is the last method less the first. */
export function comparisonTable(
  evaluations: readonly (readonly [name: string, Evaluation])[],
  { names }: LabelSpace,
): string {
  const row = (title: string, of: (evaluation: Evaluation) => number | null | undefined): string[] => {
    const values = evaluations.map(([, evaluation]) => of(evaluation) ?? null);
    const first = values[0] ?? null;
    const last = values[values.length - 1] ?? null;
    return [title, ...values.map(percent), first === null || last === null ? '-' : signed(last - first)];
  };
  return renderTable(
    ['IoU %', ...evaluations.map(([name]) => name), 'difference'],
    [
      ...names.map((name, id) => row(name, ({ point }) => point.perClass[id])).slice(1),
      evaluations.map(() => '').concat('', ''),
      row('mIoU of points', ({ point }) => point.miou),
      row('mIoU of voxels', ({ voxel }) => voxel.miou),
      row('accuracy of points', ({ point }) => point.accuracy),
    ],
  );
}

const signed = (share: number): string => {
  const text = percent(share);
  return Number(text) > 0 ? `+${text}` : text.replace(/^-0\.0$/, '0.0');
};
