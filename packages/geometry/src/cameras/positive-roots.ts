const evaluate = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0);

/**
 * The roots of a polynomial in (0, end], ascending, where it changes sign: found between the roots of its derivative,
 * where it is monotonic, by bisection. Roots of even multiplicity are left out: nothing changes there.
 *
 * @param coefficients ascending: c0 + c1 x + ...
 */
export const positiveRoots = (coefficients: readonly number[], end: number): number[] => {
  if (coefficients.length < 2) return [];
  const turns = positiveRoots(
    coefficients.slice(1).map((c, i) => c * (i + 1)),
    end,
  );
  const roots: number[] = [];
  let low = 0;
  for (const high of [...turns, end]) {
    let [a, b] = [low, high];
    low = high;
    const sign = Math.sign(evaluate(coefficients, a));
    if (sign === 0 || sign * evaluate(coefficients, b) > 0) continue;
    for (let middle = (a + b) / 2; middle > a && middle < b; middle = (a + b) / 2)
      if (sign * evaluate(coefficients, middle) > 0) a = middle;
      else b = middle;
    if (roots.at(-1) !== b) roots.push(b);
  }
  return roots;
};
