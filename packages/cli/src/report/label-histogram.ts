import type { LabelSpace } from '@nerfseg/geometry';
import { percent, thousands } from './numbers.js';
import { renderTable } from './table.js';

/** Points per class, the most frequent first; classes without points are left out. */
export function histogramTable(pointsOfClass: ArrayLike<number>, { names }: LabelSpace): string {
  const total = Array.from(pointsOfClass).reduce((sum, count) => sum + count, 0);
  const rows = Array.from(pointsOfClass, (count, id) => ({
    count,
    name: id === 0 ? 'unlabelled' : names[id]!,
  }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ count, name }) => [name, thousands(count), `${percent(count / total)} %`]);
  return renderTable(['class', 'points', 'share'], rows);
}
