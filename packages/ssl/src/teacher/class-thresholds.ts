/** How sure a network is of the voxels that it gives each class: gathered over scans. */
export type Confidences = readonly Float32Array[][];

/** No voxel seen yet. */
export const noConfidences = (numClasses: number): Float32Array[][] =>
  Array.from({ length: numClasses }, () => []);

/**
 * Adds a scan's.
 *
 * @param probabilities [V*C]
 * @param classes [V] the best class of each voxel
 */
export function addConfidences(
  into: Float32Array[][],
  probabilities: Float32Array,
  classes: Uint8Array,
): void {
  const numClasses = into.length;
  const counts = new Uint32Array(numClasses);
  for (const c of classes) counts[c]! += 1;
  const found = Array.from(counts, (count) => new Float32Array(count));
  counts.fill(0);
  for (let v = 0; v < classes.length; v++) {
    const c = classes[v]!;
    found[c]![counts[c]!++] = probabilities[v * numClasses + c]!;
  }
  for (const [c, values] of found.entries()) if (values.length > 0) into[c]!.push(values);
}

/**
 * The class-balanced thresholds of CBST (Zou et al. 2018, section 4.2 and the released code): the surest `share` of the
 * voxels of each class reach its threshold. A class of which that is not even one voxel keeps 1.
 *
 * @returns [C]
 */
export function classThresholds(confidences: Confidences, share: number): Float32Array {
  return Float32Array.from(confidences, (parts) => {
    const count = parts.reduce((sum, part) => sum + part.length, 0);
    const kept = Math.floor(count * share);
    if (kept === 0) return 1;
    const values = new Float32Array(count);
    let at = 0;
    for (const part of parts) {
      values.set(part, at);
      at += part.length;
    }
    return values.sort()[count - kept]!;
  });
}

/**
 * Class-balanced labels: the class whose probability is highest over its threshold, where it reaches it; else 0.
 *
 * @param probabilities [V*C]
 * @param thresholds [C]
 */
export function balancedClasses(probabilities: Float32Array, thresholds: Float32Array): Uint8Array {
  const numClasses = thresholds.length;
  const labels = new Uint8Array(probabilities.length / numClasses);
  for (let v = 0, row = 0; v < labels.length; v++, row += numClasses) {
    let best = 0;
    for (let c = 1; c < numClasses; c++) {
      const ratio = probabilities[row + c]! / thresholds[c]!;
      if (ratio >= 1 && ratio > best) {
        best = ratio;
        labels[v] = c;
      }
    }
  }
  return labels;
}
