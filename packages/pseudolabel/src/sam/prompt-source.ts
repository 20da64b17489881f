import type { Coverage } from './coverage.js';
import type { PromptPoint } from './prompt-grid.js';

/** Where prompts come from, one after the other. */
export interface PromptSource {
  /**
   * The next prompt in pixels of the crop, or undefined when there is none.
   *
   * @param coverage what the masks found so far have made needless, in pixels of the crop.
   */
  readonly next: (coverage: Coverage) => Pick<PromptPoint, 'x' | 'y'> | undefined;
}

/** The points of a list in turn, but for those that are covered where that counts. */
export function gridPrompts(points: readonly PromptPoint[], skipCovered: boolean): PromptSource {
  let at = 0;
  return {
    next: (coverage) => {
      while (at < points.length) {
        const point = points[at++]!;
        if (!skipCovered || !coverage.spares(point.x, point.y, point.level)) return point;
      }
      return undefined;
    },
  };
}
