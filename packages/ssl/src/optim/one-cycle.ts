/**
 * Learning rate of the one-cycle policy (Smith & Topin 2018, as in PyTorch's OneCycleLR with cosine annealing): from
 * peak / 25 up to the peak over the first `warmup` share of the steps, then down to peak / 250,000. Without warm-up it begins near the peak, as there.
 *
 * @param step 0-based, below `steps`
 */
export function oneCycle(step: number, steps: number, peak: number, warmup = 0.3): number {
  const start = peak / 25;
  const end = start / 1e4;
  const rise = warmup > 0 ? Math.max(1, warmup * steps - 1) : -1;
  const cosine = (from: number, to: number, share: number): number =>
    to + ((from - to) / 2) * (1 + Math.cos(Math.PI * Math.min(1, share)));
  return step <= rise
    ? cosine(start, peak, step / rise)
    : cosine(peak, end, (step - rise) / Math.max(1, steps - 1 - rise));
}
