import type { LabelSpace } from '@nerfseg/geometry';
import type { Color } from './canvas.js';

export const background: Color = [18, 20, 26];
export const ink: Color = [232, 234, 240];
export const faint: Color = [120, 126, 140];
/** Points without a label. */
export const unlabelled: Color = [104, 108, 118];

const luminance = ([r, g, b]: Color): number => 0.299 * r + 0.587 * g + 0.114 * b;

/** A label space's colours fit for the dark background: what is too dark is mixed with white until it can be seen. */
export const classColors = ({ colors }: LabelSpace): Color[] =>
  colors.map((color, classId) => {
    if (classId === 0) return unlabelled;
    const lacking = 90 - luminance(color);
    if (lacking <= 0) return color;
    const share = lacking / (255 - luminance(color));
    return [mix(color[0], share), mix(color[1], share), mix(color[2], share)];
  });

const mix = (value: number, share: number): number => Math.round(value + (255 - value) * share);

const turboStops: readonly Color[] = [
  [48, 18, 59],
  [70, 107, 227],
  [40, 188, 235],
  [50, 242, 152],
  [164, 252, 60],
  [238, 207, 58],
  [251, 126, 33],
  [208, 47, 5],
  [122, 4, 3],
];

const magmaStops: readonly Color[] = [
  [0, 0, 4],
  [40, 17, 89],
  [101, 26, 128],
  [159, 47, 127],
  [215, 70, 107],
  [247, 112, 92],
  [254, 168, 115],
  [252, 253, 191],
];

const along = (stops: readonly Color[], share: number): Color => {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  const rest = at - low;
  const a = stops[low]!;
  const b = stops[low + 1]!;
  const channel = (c: 0 | 1 | 2): number => Math.round(a[c] + (b[c] - a[c]) * rest);
  return [channel(0), channel(1), channel(2)];
};

/** Near is red, far is blue: logarithmic over 2 to 60 m, so that what is close is told apart finely. */
export const depthColor = (metres: number): Color =>
  along(turboStops, 0.95 - 0.9 * (Math.log(Math.max(2, metres) / 2) / Math.log(30)));

/** 0 is black (sure), 1 is pale yellow (no idea). */
export const entropyColor = (entropy: number): Color => along(magmaStops, entropy);

/** Colours of many segments, neighbours by number far apart in hue. */
export const segmentColor = (segment: number): Color => {
  const hue = (segment * 0.618034) % 1;
  const channel = (shift: number): number =>
    Math.round(255 * (0.35 + 0.6 * Math.min(1, Math.max(0, Math.abs(((hue + shift) % 1) * 6 - 3) - 1))));
  return [channel(0), channel(2 / 3), channel(1 / 3)];
};
