import type { MethodName } from '@nerfseg/ssl';
import type { RunSpec } from '../runner/spec.js';
import type { Study } from '../runner/study.js';
import { cell, markdown } from '../tables/cells.js';
import { isPlain, longSteps, withOnly } from '../tables/targets.js';

const fractions = [1, 100, 5, 10, 20, 50];
const methods: readonly MethodName[] = ['supervised', 'nerf'];

/** The tables' 1,200 steps show each of 400 labelled scans six times: more labels would only look worse. */
const settings = { steps: longSteps };

export const fraction: Study = {
  name: 'fraction',
  question: 'Labelled fraction from 1 to 100 %, at 3,000 steps.',
  runs: (seeds, real) =>
    seeds.flatMap((seed) =>
      fractions.flatMap((share) =>
        methods
          // Where every frame is labelled there is nothing left to learn from without labels.
          .filter((method) => share < 100 || method === 'supervised')
          .map(
            (method): RunSpec =>
              real
                ? { method, dataset: real, fraction: share, seed }
                : { method, dataset: 'nuscenes-like', fraction: share, seed, settings },
          ),
      ),
    ),
  table: (results, real) => {
    const asked = real ? results.filter(isPlain) : withOnly(results, 'steps', longSteps);
    const own = asked.filter((r) => r.dataset === (real ?? 'nuscenes-like'));
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
