import { describe, expect, it } from '@jest/globals';
import { emptyConfusionByDistance, type Scores, scoresByDistance } from '@nerfseg/datasets';
import type { LabelSpace } from '@nerfseg/geometry';
import type { Evaluation } from '@nerfseg/ssl';
import { comparisonTable } from './comparison-table.js';
import { histogramTable } from './label-histogram.js';
import { lossChange, lossNote, lossSummary } from './loss-summary.js';
import { duration, percent, thousands } from './numbers.js';
import { scoresByClass, scoresTable } from './scores-table.js';
import { renderTable } from './table.js';
import { verdict } from './verdict.js';

const space: LabelSpace = {
  name: 'two',
  names: ['ignore', 'car', 'road'],
  colors: [
    [0, 0, 0],
    [1, 2, 3],
    [4, 5, 6],
  ],
  ignore: 0,
};

const scores = (car: number | null, road: number): Scores => ({
  miou: car === null ? road : (car + road) / 2,
  fwIou: road,
  accuracy: 0.9,
  perClass: [null, car, road],
  count: 10,
});
const evaluation = (car: number | null, road: number): Evaluation => ({
  point: scores(car, road),
  voxel: scores(car, road / 2),
  official: scoresByDistance(emptyConfusionByDistance(3), space),
});

describe('tables', () => {
  it('align numbers to the right and pad nothing at the end', () => {
    expect(renderTable(['name', 'n'], [['a', '1'], ['long name', '10'], ['']])).toBe(
      ['name        n', '---------  --', 'a           1', 'long name  10', ''].join('\n'),
    );
  });

  it('show scores of points and voxels, a dash for what does not occur', () => {
    const lines = scoresTable(evaluation(null, 0.5), space).split('\n');
    expect(lines.find((line) => line.startsWith('car'))).toMatch(/^car\s+-\s+-$/);
    expect(lines.find((line) => line.startsWith('road'))).toMatch(/^road\s+50\.0\s+25\.0$/);
    expect(lines.find((line) => line.startsWith('mIoU'))).toMatch(/^mIoU\s+50\.0\s+25\.0$/);
  });

  it('compare methods and sign the difference', () => {
    const table = comparisonTable(
      [
        ['supervised', evaluation(0.2, 0.5)],
        ['nerf', evaluation(0.3, 0.4)],
      ],
      space,
    );
    expect(table).toMatch(/^IoU %\s+supervised\s+nerf\s+difference$/m);
    expect(table).toMatch(/^car\s+20\.0\s+30\.0\s+\+10\.0$/m);
    expect(table).toMatch(/^road\s+50\.0\s+40\.0\s+-10\.0$/m);
  });

  it('count labels, the most frequent first, with names', () => {
    const [, , first, second, ...rest] = histogramTable([1, 0, 3], space).split('\n');
    expect(first).toMatch(/^road\s+3\s+75\.0 %$/);
    expect(second).toMatch(/^unlabelled\s+1\s+25\.0 %$/);
    expect(rest).toEqual([]);
  });
});

it('gives scores by class name to programs', () => {
  expect(scoresByClass([null, 0.25, null], space)).toEqual({ car: 0.25, road: null });
});

it('writes numbers as people read them', () => {
  expect([percent(0.12345), percent(null), thousands(34688), duration(42.4), duration(95)]).toEqual([
    '12.3',
    '-',
    '34,688',
    '42 s',
    '1 min 35 s',
  ]);
});

describe('losses', () => {
  const history = Array.from({ length: 20 }, (_, i) => ({
    step: i + 1,
    losses: { total: 20 - i, gradientNorm: 1 },
  }));

  it('are summed up over the first and the last tenth', () => {
    const summary = lossSummary(history, 'total');
    expect(summary).toEqual({ first: 19.5, last: 1.5 });
    expect(lossChange(summary)).toBe('19.500 -> 1.500');
  });

  it('are told in a few words', () => {
    expect(lossNote({ losses: { total: 1.234, labels: 1, gradientNorm: 5 } })).toBe('loss 1.23  labels 1.00');
  });
});

describe('the verdict', () => {
  it('says which was better, by how much, and that it is no verdict', () => {
    expect(verdict(0.2, 0.25, 7, 2, 14)).toMatch(
      /better .* by 5\.0 points of mIoU .*25\.0 against 20\.0 %.*seed \(7\) is no verdict/,
    );
  });

  it('does not hide a loss', () => {
    expect(verdict(0.25, 0.2, 0, 2, 14)).toContain('WORSE');
    expect(verdict(0.25, 0.25, 0, 2, 14)).toContain('no difference');
  });
});
