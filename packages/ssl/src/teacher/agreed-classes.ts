import { normalisedEntropy } from '@nerfseg/pseudolabel';

/** What one frame says of places. */
export interface PlaceView {
  readonly numClasses: number;
  /** [V*C] class probabilities of its voxels; class 0 has none. */
  readonly probabilities: Float32Array;
  /** [P] its voxel at each place, -1 where it has none. */
  readonly voxels: Int32Array;
}

/**
 * The class that the views of a place agree on: that of their mean, where at least `viewsNeeded` of them have seen the place, the mean is sure
 * (its normalised entropy is at most `confidentEntropy`), and no view that is sure by itself says another.
 *
 * @returns [P] 0 where there is none.
 */
export function agreedClasses(
  views: readonly PlaceView[],
  { confidentEntropy, viewsNeeded }: { readonly confidentEntropy: number; readonly viewsNeeded: number },
): Uint8Array {
  const [first] = views;
  if (!first) return new Uint8Array(0);
  const { numClasses } = first;
  const said = views.map((view) => sureClasses(view, confidentEntropy));
  const agreed = new Uint8Array(first.voxels.length);
  const sum = new Float32Array(numClasses - 1);
  for (let p = 0; p < agreed.length; p++) {
    let seen = 0;
    let sure = 0;
    let clash = false;
    sum.fill(0);
    for (const [i, { voxels, probabilities }] of views.entries()) {
      const voxel = voxels[p]!;
      if (voxel < 0) continue;
      seen += 1;
      for (let c = 1; c < numClasses; c++) sum[c - 1]! += probabilities[voxel * numClasses + c]!;
      const own = said[i]![voxel]!;
      if (own === 0) continue;
      clash ||= sure !== 0 && sure !== own;
      sure = own;
    }
    if (clash || seen < viewsNeeded || seen === 0 || normalisedEntropy(sum) > confidentEntropy) continue;
    let best = 0;
    for (let c = 1; c < sum.length; c++) if (sum[c]! > sum[best]!) best = c;
    if (sure === 0 || sure === best + 1) agreed[p] = best + 1;
  }
  return agreed;
}

/** [V] the likeliest class of each voxel where the view is sure of it, else 0. */
function sureClasses({ numClasses, probabilities }: PlaceView, confidentEntropy: number): Uint8Array {
  const classes = new Uint8Array(probabilities.length / numClasses);
  for (let v = 0; v < classes.length; v++) {
    const row = probabilities.subarray(v * numClasses + 1, (v + 1) * numClasses);
    if (normalisedEntropy(row) > confidentEntropy) continue;
    let best = 0;
    for (let c = 1; c < row.length; c++) if (row[c]! > row[best]!) best = c;
    classes[v] = best + 1;
  }
  return classes;
}
