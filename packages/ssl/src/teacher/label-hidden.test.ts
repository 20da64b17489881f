import { expect, it } from '@jest/globals';
import { labelHidden } from './label-hidden.js';

it('labelHidden: hidden points keep what the teacher is sure of, unless a camera that sees them said something', () => {
  const hidden = {
    points: Int32Array.of(4, 1, 2),
    pixels: new Int32Array(6),
    semantics: {
      numClasses: 3,
      probabilities: Float32Array.of(0, 0.1, 0.9, 0, 0.1, 0.9, 0, 0.45, 0.55),
      entropy: Float32Array.of(0.2, 0.2, 0.9),
      depth: new Float32Array(3),
      opacity: new Float32Array(3),
    },
  };
  const into = Uint8Array.of(0, 1, 0, 0, 0);
  labelHidden(hidden, { confidentEntropy: 0.35 }, into);
  expect([...into]).toEqual([0, 1, 0, 0, 2]);
});
