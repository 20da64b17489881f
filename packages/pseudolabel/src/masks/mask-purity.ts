/** How well masks agree with true labels; see {@link maskPurity}. */
export interface MaskPurity {
  /** Labelled points inside some mask / labelled points. */
  readonly coverage: number;
  /** Covered points whose label is the majority label of their mask / covered points. */
  readonly purity: number;
  /** Masks with at least one labelled point. */
  readonly masks: number;
  readonly labelledPoints: number;
}

/**
 * Holds masks against true labels: what a perfect majority vote inside every mask could reach at best.
 * More and smaller masks are purer by construction, so read purity together with the number of masks.
 *
 * @param segmentOfPoint [N] mask of each point, or -1.
 * @param labels [N] true classes; 0 is left out.
 * @throws RangeError when the lengths differ.
 */
export function maskPurity(segmentOfPoint: ArrayLike<number>, labels: ArrayLike<number>): MaskPurity {
  if (segmentOfPoint.length !== labels.length)
    throw new RangeError(`maskPurity: ${segmentOfPoint.length} points, ${labels.length} labels`);
  const counts = new Map<number, Map<number, number>>();
  let [labelled, covered] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label === 0) continue;
    labelled++;
    const segment = segmentOfPoint[i]!;
    if (segment < 0) continue;
    covered++;
    const votes = counts.get(segment) ?? new Map<number, number>();
    votes.set(label, (votes.get(label) ?? 0) + 1);
    counts.set(segment, votes);
  }
  let right = 0;
  for (const votes of counts.values()) right += Math.max(...votes.values());
  return {
    coverage: labelled === 0 ? 0 : covered / labelled,
    purity: covered === 0 ? 0 : right / covered,
    masks: counts.size,
    labelledPoints: labelled,
  };
}
