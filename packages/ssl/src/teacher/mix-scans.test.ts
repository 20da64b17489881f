import { beforeAll, describe, expect, it } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { disposeCase, methodCase } from '../testing/method-case.js';
import { bestClasses } from './best-classes.js';

describe('mixScans', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('every point keeps its label: the true one, its mask, or what the teacher is sure of', async () => {
    const one = await methodCase('nerf-lasermix');
    const [labelled, unlabelled, ...mixed] = one.scans;
    if (labelled?.kind !== 'labelled' || unlabelled?.kind !== 'unlabelled') throw new Error('other scans');
    const sure = bestClasses(unlabelled.target!, 4, one.settings.pseudoThreshold);
    const seen = [labelled, unlabelled].map(({ prepared }) => new Uint8Array(prepared.pointLabels.length));
    let masked = 0;
    let taught = 0;
    for (const scan of mixed) {
      if (scan.kind !== 'mixed') throw new Error('mixed scans come last');
      const { origins, pointLabels, points } = scan.prepared;
      for (const [n, label] of pointLabels.entries()) {
        const source = origins.parts[origins.partOfPoint[n]!]!.scan;
        const row = origins.rowOfPoint[n]!;
        seen[source]![row]! += 1;
        const from = source === 0 ? labelled : unlabelled;
        expect(points.positions[n * 3]).toBe(from.prepared.points.positions[row * 3]);
        const mask = unlabelled.pseudoPoints![row]!;
        const teacher = sure[unlabelled.prepared.scan.voxelOfPoint[row]!]!;
        const expected = source === 0 ? labelled.prepared.pointLabels[row] : mask || teacher;
        expect(label).toBe(expected);
        if (source === 1 && mask > 0) masked += 1;
        if (source === 1 && mask === 0 && teacher > 0) taught += 1;
      }
    }
    expect(seen.every((counts) => counts.every((count) => count === 1))).toBe(true);
    expect(masked).toBeGreaterThan(20);
    expect(taught).toBeGreaterThan(20);
    disposeCase(one);
  });
});
