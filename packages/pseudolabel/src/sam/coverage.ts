import type { Candidate } from './candidate.js';

/** Which prompts earlier masks have made needless. */
export interface Coverage {
  /** Whether a prompt at this place of the logit map, of this grid level, need not be decoded. */
  readonly spares: (x: number, y: number, level: number) => boolean;
  readonly add: (mask: Candidate) => void;
}

/** Grid levels that are prompted inside large masks all the same: every other point along either axis, and coarser. */
const LEVEL_IN_LARGE = 1;
/** Share of the picture above which a mask is taken for the picture itself. */
const WHOLE_PICTURE = 0.9;

/**
 * Remembers where accepted masks lie. A small mask spares all prompts inside; a large one (a road, a facade, a tree
 * with the house behind it) spares those of the finest grid only, for it may have swallowed something; one that is
 * nearly the whole picture says nothing.
 *
 * @param width @param height of the logit map.
 * @param pictureArea pixels of the crop.
 * @param maskThreshold logits above it belong to a mask.
 * @param coverLimit share of the picture above which a mask is large.
 */
export function trackCoverage(
  width: number,
  height: number,
  pictureArea: number,
  coverLimit: number,
  maskThreshold: number,
): Coverage {
  const [OPEN, LARGE, SMALL] = [0, 1, 2];
  const covered = new Uint8Array(width * height).fill(OPEN);
  const stateAt = (x: number, y: number): number => covered[Math.floor(y) * width + Math.floor(x)]!;
  return {
    spares: (x, y, level) => {
      const state = stateAt(x, y);
      return state === SMALL || (state === LARGE && level < LEVEL_IN_LARGE);
    },
    add: ({ area, window }) => {
      if (area > WHOLE_PICTURE * pictureArea) return;
      const state = area > coverLimit * pictureArea ? LARGE : SMALL;
      for (let y = 0; y < window.height; y++) {
        const to = (window.top + y) * width + window.left;
        for (let x = 0; x < window.width; x++)
          if (window.logits[y * window.width + x]! > maskThreshold && covered[to + x]! < state)
            covered[to + x] = state;
      }
    },
  };
}
