import type { Confusion, DistanceScores, OfficialScores, Scores } from '@nerfseg/datasets';
import type { LabelSpace } from '@nerfseg/geometry';
import { percent, thousands } from './numbers.js';
import { renderTable } from './table.js';

const titleOf = ({ from, to }: DistanceScores): string =>
  to === undefined ? `${from}+ m` : `${from}-${to} m`;

/** IoU per class and its means, overall and by distance, in percent; a dash where a class does not occur. */
export function distanceTable(
  { scores, miouOfOccurring, byDistance }: OfficialScores,
  { names }: LabelSpace,
): string {
  const row = (name: string, of: (one: Scores) => number | null | undefined): string[] => [
    name,
    percent(of(scores)),
    ...byDistance.map((range) => percent(of(range.scores))),
  ];
  return renderTable(
    ['IoU %', 'all', ...byDistance.map(titleOf)],
    [
      ...names.slice(1).map((name, i) => row(name, ({ perClass }) => perClass[i + 1])),
      [''],
      ["mIoU, as the benchmark's", percent(scores.miou)],
      [
        'mIoU of occurring classes',
        percent(miouOfOccurring),
        ...byDistance.map((range) => percent(range.scores.miou)),
      ],
      row('fwIoU', ({ fwIou }) => fwIou),
      row('accuracy', ({ accuracy }) => accuracy),
      ['points', thousands(scores.count), ...byDistance.map((range) => thousands(range.scores.count))],
    ],
  );
}

/** Points by true class (rows) and predicted class (columns, numbered as the rows). */
export function confusionTable({ numClasses, counts }: Confusion, { names }: LabelSpace): string {
  const ids = Array.from({ length: numClasses }, (_, id) => id);
  return renderTable(
    ['truth \\ predicted', ...ids.map(String)],
    ids
      .slice(1)
      .map((truth) => [
        `${truth} ${names[truth]}`,
        ...ids.map((predicted) => thousands(counts[truth * numClasses + predicted]!)),
      ]),
  );
}
