import { WINDOW_BASE, WINDOW_SLOPE } from './return-window.js';

/** 'uniform': steps of equal length. 'linear': steps that grow linearly with range. */
export type Spacing = 'uniform' | 'linear';

/** Steps of 'linear' spacing are proportional to t + 12.5 m, as the window of the density likelihood is. */
const OFFSET = WINDOW_BASE / WINDOW_SLOPE;

/** Writes the `edges.length` bin edges between begin and end (metres along the ray) to `edges`. */
export const marchEdges = (begin: number, end: number, spacing: Spacing, edges: Float64Array): void => {
  const bins = edges.length - 1;
  if (spacing === 'uniform') {
    const step = (end - begin) / bins;
    for (let k = 0; k < bins; k++) edges[k] = begin + k * step;
  } else {
    const growth = ((end + OFFSET) / (begin + OFFSET)) ** (1 / bins);
    let shifted = begin + OFFSET;
    for (let k = 0; k < bins; k++) {
      edges[k] = shifted - OFFSET;
      shifted *= growth;
    }
  }
  edges[bins] = end;
};
