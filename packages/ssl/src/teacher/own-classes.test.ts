import { expect, it } from '@jest/globals';
import { objections, ownClasses } from './own-classes.js';

it('ownClasses: the likeliest class of confident, opaque pixels, class 0 never', () => {
  const semantics = {
    numClasses: 3,
    probabilities: Float32Array.of(0.8, 0.15, 0.05, 0, 0.1, 0.9, 0, 0.45, 0.55, 0, 0.9, 0.1),
    entropy: Float32Array.of(0.1, 0.1, 0.9, 0.1),
    depth: new Float32Array(4),
    opacity: Float32Array.of(1, 1, 1, 0.2),
  };
  expect([...ownClasses(semantics, { confidentEntropy: 0.35, minOpacity: 0.5 })]).toEqual([1, 2, 0, 0]);
});

it('objections: of those who vote, or of the surest alone', () => {
  const semantics = {
    numClasses: 3,
    probabilities: Float32Array.of(0, 0.99, 0.01, 0, 0.1, 0.9, 0, 0.5, 0.5),
    entropy: Float32Array.of(0.01, 0.3, 0.9),
    depth: new Float32Array(3),
    opacity: new Float32Array(3).fill(1),
  };
  const settings = { confidentEntropy: 0.35, minOpacity: 0.5 };
  expect([...objections(semantics, settings)]).toEqual([1, 2, 0]);
  expect([...objections(semantics, { ...settings, conflictEntropy: 0.02 })]).toEqual([1, 0, 0]);
});
