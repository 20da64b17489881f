import type { MethodName } from '@nerfseg/ssl';
import type { RunSpec } from '../runner/spec.js';
import type { Study } from '../runner/study.js';
import { cell, markdown } from '../tables/cells.js';
import { isPlain } from '../tables/targets.js';

const fractions = [1, 100, 5, 10, 20, 50];
const methods: readonly MethodName[] = ['supervised', 'mean-teacher', 'nerf'];

export const fraction: Study = {
  name: 'fraction',
  question: 'Labelled fraction from 1 to 100 %.',
  runs: (seeds, real) =>
    seeds.flatMap((seed) =>
      fractions.flatMap((share) =>
        methods
          // Where every frame is labelled there is nothing left to learn from without labels.
          .filter((method) => share < 100 || method === 'supervised')
          .map((method): RunSpec => ({ method, dataset: real ?? 'nuscenes-like', fraction: share, seed })),
      ),
    ),
  table: (results) => {
    const own = results.filter((r) => isPlain(r) && r.dataset === 'nuscenes-like');
    if (own.length === 0) return '';
    const columns = [...fractions].sort((a, b) => a - b);
    return markdown(
      ['mIoU of points, % (seeds)', ...columns.map((share) => `${share} %`)],
      methods.map((method) => [
        method,
        ...columns.map((share) => cell(own.filter((r) => r.method === method && r.fraction === share))),
      ]),
    );
  },
};
