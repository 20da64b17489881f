import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type DataError, dataError } from '../errors.js';
import type { LensDistortion } from '../types.js';
import { positiveRoots } from './positive-roots.js';

const counts = { 'radial-tangential': [4, 5, 8, 12], fisheye: [4] } as const;

/** Tangents of angles to the axis beyond this (89.4 degrees) are not looked at: no flat image reaches there. */
const farthestTangent = 100;

/**
 * OpenCV's distortion coefficients, checked, with the range in which they make sense.
 *
 * Polynomials that were fitted inside the picture turn back somewhere outside of it: past that, points far to the side
 * would project into the picture. `limit` is where the radial part first turns back (or has a pole), and nothing beyond
 * projects.
 *
 * @param model 'radial-tangential' (OpenCV's default: k1 k2 p1 p2 [k3 [k4 k5 k6 [s1 s2 s3 s4]]]) or 'fisheye'
 * (Kannala and Brandt as in cv::fisheye: k1 k2 k3 k4).
 * @param coefficients 4, 5, 8 or 12 of them; fisheye: 4. The tilted sensor's two (14 in all) are not offered.
 * @param source the file and token, for the error.
 * @returns `malformed` for another number of coefficients, or one that is not finite.
 */
export const lensDistortion = (
  model: LensDistortion['model'],
  coefficients: ArrayLike<number>,
  source: string,
): Either<DataError, LensDistortion> => {
  const given = Array.from(coefficients);
  const allowed: readonly number[] = counts[model];
  if (!allowed.includes(given.length) || !given.every(Number.isFinite))
    return left(
      dataError(
        'malformed',
        source,
        `distortion, ${model}`,
        `[${given.join(', ')}]`,
        `${allowed.join(' or ')} finite numbers`,
      ),
    );
  if (model === 'fisheye') {
    // d/dtheta of theta (1 + k1 theta^2 + ...), in theta^2.
    const slope = [1, ...given.map((k, i) => k * (2 * i + 3))];
    const [turn] = positiveRoots(slope, (Math.PI / 2) ** 2);
    const limit = turn === undefined ? Math.PI / 2 : Math.sqrt(turn);
    return right({ model, coefficients: Float64Array.from(given), limit });
  }
  const all = new Float64Array(12);
  all.set(given);
  const over = [1, all[0], all[1], all[4]];
  const under = [1, all[5], all[6], all[7]];
  // d/dr of r N(s) / D(s), s = r^2: its numerator is N D + 2 s (N' D - N D').
  const slope = new Array<number>(7).fill(0);
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++) slope[i + j] += over[i] * under[j] * (1 + 2 * (i - j));
  const end = farthestTangent ** 2;
  const turn = Math.min(end, ...positiveRoots(slope, end), ...positiveRoots(under, end));
  return right({ model, coefficients: all, limit: Math.sqrt(turn) });
};
