/**
 * Weight of the pseudo-label loss over training: 0 before `start`, then the sigmoid-shaped rise exp(-5 (1 - x)^2) of
 * Laine & Aila (2017) over `ramp`, then 1. All three are shares of the whole run.
 */
export function rampUp(progress: number, start: number, ramp: number): number {
  if (progress < start) return 0;
  if (ramp <= 0 || progress >= start + ramp) return 1;
  const rest = 1 - (progress - start) / ramp;
  return Math.exp(-5 * rest * rest);
}
