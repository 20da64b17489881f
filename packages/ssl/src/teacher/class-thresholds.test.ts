import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { trainSettings } from '../train/settings.js';
import { bestClasses } from './best-classes.js';
import { addConfidences, balancedClasses, classThresholds, noConfidences } from './class-thresholds.js';
import { roundOf, shareOf } from './teach-self-training.js';

describe('class-balanced self-training', () => {
  it('believes the same share of every class, the surest first', () => {
    const random = createRandom('shares');
    const numClasses = 4;
    // Class 1 is common and sure, class 3 rare and unsure.
    const rows = Array.from({ length: 2000 }, (_, v) => {
      const c = v % 20 === 0 ? 3 : v % 4 === 0 ? 2 : 1;
      const sure = (c === 1 ? 0.8 : c === 2 ? 0.6 : 0.4) + 0.15 * random.next();
      return Array.from({ length: numClasses }, (_, k) => (k === c ? sure : (1 - sure) / 3));
    });
    const probabilities = Float32Array.from(rows.flat());
    const classes = bestClasses(probabilities, numClasses);
    const confidences = noConfidences(numClasses);
    addConfidences(confidences, probabilities.subarray(0, 4000), classes.subarray(0, 1000));
    addConfidences(confidences, probabilities.subarray(4000), classes.subarray(1000));
    const thresholds = classThresholds(confidences, 0.3);
    const labels = balancedClasses(probabilities, thresholds);
    for (const c of [1, 2, 3]) {
      const predicted = classes.filter((k) => k === c).length;
      expect(labels.filter((k) => k === c).length).toBe(Math.floor(0.3 * predicted));
    }
    expect(labels.every((label, v) => label === 0 || label === classes[v])).toBe(true);
  });

  it('a class that was never predicted is never believed', () => {
    expect([...classThresholds(noConfidences(3), 0.5)]).toEqual([1, 1, 1]);
    expect([...balancedClasses(Float32Array.of(0, 0.6, 0.4), Float32Array.of(1, 1, 1))]).toEqual([0]);
  });

  it('renews its network in rounds of equal length, and believes more in each', () => {
    const settings = trainSettings.parse({ steps: 12, pseudoStart: 0.25, selfTrainingRounds: 3 });
    expect(Array.from({ length: 12 }, (_, step) => roundOf(step, settings))).toEqual([
      -1, -1, -1, 0, 0, 0, 1, 1, 1, 2, 2, 2,
    ]);
    expect([0, 1, 2].map((round) => shareOf(round, settings))).toEqual([0.2, 0.35, 0.5]);
  });
});

describe('bestClasses', () => {
  it('never gives class 0, and 0 only below the threshold', () => {
    const scores = Float32Array.of(9, 1, 2, 0, 0.5, 0.5, 0, 0.2, 0.1);
    expect([...bestClasses(scores, 3)]).toEqual([2, 1, 1]);
    expect([...bestClasses(scores, 3, 0.5)]).toEqual([2, 1, 0]);
  });
});
