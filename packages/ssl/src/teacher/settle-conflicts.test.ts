import { describe, expect, it } from '@jest/globals';
import { conflictRules, settleConflicts } from './settle-conflicts.js';

describe('settleConflicts', () => {
  // No mask; unsure; of one mind; sure of another class.
  const classes = Uint8Array.of(0, 2, 2, 2);
  const own = Uint8Array.of(3, 0, 2, 3);

  it.each([
    ['mask', [0, 2, 2, 2]],
    ['own', [0, 2, 2, 3]],
    ['none', [0, 2, 2, 0]],
  ] as const)('%s', (rule, expected) => {
    expect(conflictRules).toContain(rule);
    expect([...settleConflicts(classes, own, rule)]).toEqual(expected);
    expect([...classes]).toEqual([0, 2, 2, 2]);
  });
});
