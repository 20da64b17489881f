/** Metres: how far off a LiDAR return matter may be, in a window that grows with range. */
export const WINDOW_BASE = 0.15;
export const WINDOW_SLOPE = 0.012;
export const WINDOW_LEAST = 0.3;

/** Half width in metres of the stretch of ray around a return in which its matter is looked for: max(0.3, 0.15 + 0.012 range). */
export const returnWindow = (range: number): number =>
  Math.max(WINDOW_LEAST, WINDOW_BASE + WINDOW_SLOPE * range);
