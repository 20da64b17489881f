import type { LabelSpace } from '@nerfseg/geometry';
import type { EntropyCurvePoint } from '@nerfseg/pseudolabel';
import { percent, thousands } from '../report/numbers.js';
import { renderTable } from '../report/table.js';
import { occurring, type WayCurve } from './curves.js';
import type { Way } from './fuse-view.js';

/** What was measured, and on what. */
export interface CurvesSummary {
  readonly dataset: string;
  readonly frames: number;
  readonly pictures: number;
  /** 'pixels' or 'points'. */
  readonly truth: string;
  readonly masks: string;
  /** The run's own threshold. */
  readonly threshold: number;
}

const rounded = (value: number | undefined): number | null =>
  value === undefined ? null : Math.round(value * 1e4) / 1e4;

/** Everything for programs. */
export const curvesJson = (
  summary: CurvesSummary,
  curves: ReadonlyMap<Way, WayCurve>,
  labelSpace: LabelSpace,
): object => ({
  ...summary,
  ways: Object.fromEntries(
    [...curves].map(([way, measured]) => {
      const classes = occurring(measured, labelSpace);
      const byClass = (values: readonly (number | undefined)[]): object =>
        Object.fromEntries(classes.map((id) => [labelSpace.names[id]!, rounded(values[id])]));
      const byCount = (values: readonly number[]): object =>
        Object.fromEntries(classes.map((id) => [labelSpace.names[id]!, values[id]!]));
      const point = ({ precision, recall, accuracy, coverage, ...counts }: EntropyCurvePoint): object => ({
        ...counts,
        accuracy: rounded(accuracy),
        coverage: rounded(coverage),
        precision: byClass(precision),
        recall: byClass(recall),
      });
      const { kept, rejected } = measured.statistics;
      return [
        way,
        {
          known: { sky: measured.total[0]!, ...byCount(measured.total) },
          chosen: point(measured.chosen),
          kept: Object.fromEntries(
            kept.flatMap((count, id) => (count.segments > 0 ? [[labelSpace.names[id]!, count]] : [])),
          ),
          rejected,
          curve: measured.curve.map(point),
        },
      ];
    }),
  ),
});

/** The same to read: by threshold, by class at the run's own, and what that keeps. */
export function curvesText(
  { dataset, frames, pictures, truth, masks, threshold }: CurvesSummary,
  curves: ReadonlyMap<Way, WayCurve>,
  labelSpace: LabelSpace,
): string {
  const names = [...curves.keys()];
  const shown = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1];
  const at = ({ curve }: WayCurve, x: number): EntropyCurvePoint =>
    curve.reduce((near, point) =>
      Math.abs(point.threshold - x) < Math.abs(near.threshold - x) ? point : near,
    );
  const both = ({ accuracy, coverage }: EntropyCurvePoint): string[] => [
    percent(accuracy),
    percent(coverage),
  ];
  const [[, first] = []] = curves;
  const classes = first ? occurring(first, labelSpace) : [];
  return [
    `${dataset}: pseudo-labels of ${pictures} pictures (${frames} frames), masks by ${masks}, against the truth of ${truth}.`,
    'Accuracy: share of the labelled ones whose class is right. Coverage: share of all with a true class that are labelled.',
    '',
    renderTable(
      ['entropy up to', ...names.flatMap((way) => [`${way}: accuracy`, 'coverage'])],
      shown.map((x) => [x.toFixed(2), ...[...curves.values()].flatMap((way) => both(at(way, x)))]),
    ),
    '',
    `By class, at the run's own threshold ${threshold}:`,
    '',
    renderTable(
      ['class', truth, ...names.flatMap((way) => [`${way}: precision`, 'recall'])],
      classes.map((id) => [
        labelSpace.names[id]!,
        thousands(first?.total[id] ?? 0),
        ...[...curves.values()].flatMap(({ chosen }) => [
          percent(chosen.precision[id]),
          percent(chosen.recall[id]),
        ]),
      ]),
    ),
    '',
    'Segments there:',
    '',
    renderTable(
      ['', 'kept', 'too unsure', 'too few sure', 'too few votes', 'unseen', 'labels on sky, %'],
      [...curves].map(([way, { statistics, chosen }]) => [
        way,
        ...[
          statistics.kept.reduce((sum, { segments }) => sum + segments, 0),
          statistics.rejected.entropy.segments,
          statistics.rejected.coverage.segments,
          statistics.rejected.rays.segments,
          statistics.rejected.unseen.segments,
        ].map(thousands),
        percent(chosen.labelled === 0 ? undefined : chosen.onNothing / chosen.labelled),
      ]),
    ),
  ].join('\n');
}
