import type { Confusion } from './confusion.js';

/** Segmentation quality; every number is 0..1. */
export interface Scores {
  /** Mean IoU over the classes that occur in the truth (benchmarks' data sets hold all of them). */
  readonly miou: number;
  /** IoU weighted by each class's share of the truth (nuScenes' fwIoU). */
  readonly fwIou: number;
  /** Share of labelled rows that are right. */
  readonly accuracy: number;
  /** [C] IoU per class; null for class 0 and for classes that do not occur in the truth. */
  readonly perClass: readonly (number | null)[];
  /** Labelled rows that were scored. */
  readonly count: number;
}

/** IoU = TP / (TP + FP + FN) per class and its means, from counts over a whole data set. */
export function scoresOf({ numClasses, counts }: Confusion): Scores {
  const perClass: (number | null)[] = [null];
  let total = 0;
  let right = 0;
  let sum = 0;
  let occurring = 0;
  let weighted = 0;
  for (let c = 1; c < numClasses; c++) {
    let truth = 0;
    let predicted = 0;
    for (let other = 0; other < numClasses; other++) {
      truth += counts[c * numClasses + other]!;
      predicted += counts[other * numClasses + c]!;
    }
    const hit = counts[c * numClasses + c]!;
    total += truth;
    right += hit;
    if (truth === 0) {
      perClass.push(null);
      continue;
    }
    const iou = hit / (truth + predicted - hit);
    perClass.push(iou);
    sum += iou;
    weighted += truth * iou;
    occurring += 1;
  }
  return {
    miou: occurring === 0 ? 0 : sum / occurring,
    fwIou: total === 0 ? 0 : weighted / total,
    accuracy: total === 0 ? 0 : right / total,
    perClass,
    count: total,
  };
}
