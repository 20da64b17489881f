import type { Confusion } from './confusion.js';

/** Segmentation quality; every number is 0..1. */
export interface Scores {
  /** Mean IoU over the classes that `ScoresOptions.classes` names. */
  readonly miou: number;
  /** IoU weighted by each class's share of the truth (nuScenes' fwIoU). */
  readonly fwIou: number;
  /** Share of labelled rows that are right. */
  readonly accuracy: number;
  /** [C] IoU per class; null for class 0 and for the classes that are not averaged. */
  readonly perClass: readonly (number | null)[];
  /** Labelled rows that were scored. */
  readonly count: number;
}

export interface ScoresOptions {
  /**
   * Which classes are averaged. 'occurring' (default): those that the truth has. 'united': also those that are only
   * predicted, as nuScenes' server does. 'all': every class, one that is nowhere counting 0, as SemanticKITTI's does.
   * On whole validation sets, where every class occurs, the three agree.
   */
  readonly classes?: 'occurring' | 'united' | 'all';
}

/** IoU = TP / (TP + FP + FN) per class and its means, from counts over a whole data set. */
export function scoresOf({ numClasses, counts }: Confusion, options: ScoresOptions = {}): Scores {
  const { classes = 'occurring' } = options;
  const perClass: (number | null)[] = [null];
  let total = 0;
  let right = 0;
  let sum = 0;
  let averaged = 0;
  let weighted = 0;
  for (let c = 1; c < numClasses; c++) {
    let truth = 0;
    let predicted = 0;
    for (let other = 0; other < numClasses; other++) {
      truth += counts[c * numClasses + other]!;
      predicted += counts[other * numClasses + c]!;
    }
    const hit = counts[c * numClasses + c]!;
    const union = truth + predicted - hit;
    total += truth;
    right += hit;
    if (classes === 'all' || (classes === 'united' ? union : truth) > 0) {
      const iou = union === 0 ? 0 : hit / union;
      perClass.push(iou);
      sum += iou;
      weighted += truth * iou;
      averaged += 1;
    } else perClass.push(null);
  }
  return {
    miou: averaged === 0 ? 0 : sum / averaged,
    fwIou: total === 0 ? 0 : weighted / total,
    accuracy: total === 0 ? 0 : right / total,
    perClass,
    count: total,
  };
}
