import { describe, expect, it } from '@jest/globals';
import { cylinder3dConfig } from '@nerfseg/backbone';
import { tinyGrid } from '../testing/tiny-dataset.js';
import { trainSettings } from '../train/settings.js';
import { otherRun, type RunIdentity, runIdentity } from './run-identity.js';

const identityOf = (settings: object): RunIdentity =>
  runIdentity({
    network: cylinder3dConfig({ numClasses: 4, width: 2 }),
    grid: tinyGrid,
    settings: trainSettings.parse(settings),
    random: [1, 2, 3, 4],
    dataset: { name: 'tiny', labelled: [0], unlabelled: [1], fingerprint: 'abc' },
  });

/** As a checkpoint keeps it, by a version that did not know a setting. */
const savedWithout = (name: string, settings: object): unknown => {
  const saved = JSON.parse(JSON.stringify(identityOf(settings)));
  delete saved.settings[name];
  return saved;
};

describe('otherRun', () => {
  it('finds no difference to what was saved, whatever is kept of checkpoints', () => {
    const saved = JSON.parse(JSON.stringify(identityOf({ steps: 5, keepCheckpoints: 2 })));
    expect(otherRun(saved, identityOf({ steps: 5, keepCheckpoints: 9 }), 'file')).toBeUndefined();
  });

  it('takes a setting that was not known then for its default', () => {
    expect(otherRun(savedWithout('pointVisibility', {}), identityOf({}), 'file')).toBeUndefined();
    expect(
      otherRun(savedWithout('pointVisibility', {}), identityOf({ pointVisibility: 'all' }), 'file'),
    ).toMatchObject({
      code: 'mismatch',
      source: 'file',
      field: 'settings.pointVisibility',
      found: '"z-buffer"',
      expected: '"all"',
    });
  });

  it('is another run with other masks, unless nothing was said of them', () => {
    const own = { ...identityOf({}), masks: { name: 'sam', pointsPerSide: 32 } };
    const saved = JSON.parse(JSON.stringify(own));
    expect(otherRun(saved, own, 'file')).toBeUndefined();
    expect(otherRun(JSON.parse(JSON.stringify(identityOf({}))), own, 'file')).toBeUndefined();
    expect(otherRun(saved, identityOf({}), 'file')).toBeUndefined();
    saved.masks.pointsPerSide = 1;
    expect(otherRun(saved, own, 'file')).toMatchObject({
      field: 'masks.pointsPerSide',
      found: '1',
      expected: '32',
      hint: expect.stringContaining('made otherwise'),
    });
  });

  it('names a setting that is no longer known', () => {
    const saved = JSON.parse(JSON.stringify(identityOf({})));
    saved.settings.gone = 3;
    expect(otherRun(saved, identityOf({}), 'file')).toMatchObject({ field: 'settings.gone' });
  });
});
