/** Columns of `RaySamples.extras` for a number of feature levels. */
export const extraSize = (levels: number): number => 4 * levels + 2;
