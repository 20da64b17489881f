import { type Image, image, type LabelSpace } from '@nerfseg/geometry';
import type { GroundTruth } from '@nerfseg/sim';
import { type Color, heightOf, widthOf } from './canvas.js';
import type { Panel } from './panels.js';

/** A part of a picture, in pixels. */
interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The clearest sight of a class so far. */
interface Sight {
  readonly score: number;
  readonly picture: Image;
  readonly mask: Uint8Array;
  readonly region: Region;
}

/** The clearest sight of each class, by class id. */
export type Gallery = Map<number, Sight>;

/** Keeps the clearest sights of a picture: whole things that are large and well lit, and ground that fills a fair part of it. */
export function collectSights(
  gallery: Gallery,
  picture: Image,
  truth: GroundTruth,
  numClasses: number,
): void {
  const { classes, objects, width, height } = truth;
  const found = new Map<number, Found>();
  for (let at = 0; at < classes.length; at++) {
    const id = classes[at]!;
    if (id === 0 || id >= numClasses) continue;
    const key = objects[at]! * 256 + id;
    const x = at % width;
    const y = Math.floor(at / width);
    let known = found.get(key);
    if (!known) {
      known = { id, object: objects[at]!, count: 0, light: 0, contrast: 0, depth: 0, box: [x, y, x, y] };
      found.set(key, known);
    }
    const light = picture.data[at * 3 + 1]!;
    known.count++;
    known.light += light;
    known.contrast += light * light;
    known.depth += truth.depth[at]!;
    const { box } = known;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  for (const thing of found.values()) {
    const { id, object, box } = thing;
    const best = gallery.get(id)?.score ?? 0;
    // Ground is never whole: what counts is the part of the picture that has most of it.
    const window = object === 0 ? fullest(classes, id, width, height) : undefined;
    let score = clarity(thing, width * height) * (window ? window.share : cut(box, width, height) ? 0.03 : 1);
    if (score <= best) continue;
    if (object > 0) score *= (1 - hidden(thing, truth)) ** 4;
    if (score <= best) continue;
    const mask = new Uint8Array(classes.length);
    for (let at = 0; at < mask.length; at++)
      mask[at] = classes[at] === id && (object === 0 || objects[at] === object) ? 1 : 0;
    gallery.set(id, { score, picture, mask, region: window?.region ?? grown(box, width, height) });
  }
}

/** One class of one object in one picture. */
interface Found {
  readonly id: number;
  readonly object: number;
  count: number;
  /** Sums over its pixels. */
  light: number;
  contrast: number;
  depth: number;
  readonly box: [left: number, top: number, right: number, bottom: number];
}

const cut = ([left, top, right, bottom]: Found['box'], width: number, height: number): boolean =>
  left === 0 || top === 0 || right === width - 1 || bottom === height - 1;

/** How well something shows: large enough, lit, and with parts that stand out from one another. */
function clarity({ object, count, light, contrast, box }: Found, pixels: number): number {
  const [left, top, right, bottom] = box;
  const filled = count / ((right - left + 1) * (bottom - top + 1));
  const mean = light / count;
  const deviation = Math.sqrt(Math.max(0, contrast / count - mean * mean));
  const shown = Math.min(1, mean / 100) ** 2 * Math.min(1, deviation / 40);
  // Larger than an eighth of the picture is near enough.
  return object === 0 ? shown : shown * Math.min(count / pixels, 0.12) * Math.sqrt(filled);
}

/** Pixels of a side of the cells in which ground is counted. */
const cell = 8;

/** Where in the picture a class takes most, in a window of two thirds of its height; more than half of it is enough. */
function fullest(
  classes: Uint8Array,
  id: number,
  width: number,
  height: number,
): { share: number; region: Region } {
  const [columns, rows] = [Math.floor(width / cell), Math.floor(height / cell)];
  const sums = new Float64Array((columns + 1) * (rows + 1));
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      // One pixel stands for its cell.
      const here = classes[(y * cell + cell / 2) * width + x * cell + cell / 2] === id ? 1 : 0;
      const at = (y + 1) * (columns + 1) + x + 1;
      sums[at] = here + sums[at - 1]! + sums[at - columns - 1]! - sums[at - columns - 2]!;
    }
  const h = Math.max(1, Math.floor(rows * 0.67));
  const w = Math.min(columns, Math.max(1, Math.floor(h * aspect)));
  let best = { share: 0, x: 0, y: 0 };
  for (let y = 0; y + h <= rows; y++)
    for (let x = 0; x + w <= columns; x++) {
      const [top, bottom] = [y * (columns + 1) + x, (y + h) * (columns + 1) + x];
      const share = (sums[bottom + w]! - sums[bottom]! - sums[top + w]! + sums[top]!) / (w * h);
      if (share > best.share) best = { share, x, y };
    }
  const region = { x: best.x * cell, y: best.y * cell, width: w * cell, height: h * cell };
  return { share: Math.min(0.5, best.share), region };
}

/** The share of a thing's box that is nearer than it: what stands before it. */
function hidden({ object, count, depth, box }: Found, truth: GroundTruth): number {
  const [left, top, right, bottom] = box;
  let nearer = 0;
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const at = y * truth.width + x;
      const other = truth.objects[at] !== object && truth.objects[at]! > 0;
      if (other && truth.depth[at]! > 0 && truth.depth[at]! < depth / count) nearer++;
    }
  return nearer / ((right - left + 1) * (bottom - top + 1));
}

const aspect = 4 / 3;

/** The box with a margin around it, widened to the tile's shape, within the picture. */
function grown([left, top, right, bottom]: Found['box'], width: number, height: number): Region {
  let w = (right - left + 1) * 1.35 + 8;
  let h = (bottom - top + 1) * 1.35 + 8;
  if (w < h * aspect) w = h * aspect;
  else h = w / aspect;
  const scale = Math.min(1, width / w, height / h);
  w = Math.floor(w * scale);
  h = Math.floor(h * scale);
  const x = Math.round(Math.min(width - w, Math.max(0, (left + right - w) / 2)));
  const y = Math.round(Math.min(height - h, Math.max(0, (top + bottom - h) / 2)));
  return { x, y, width: w, height: h };
}

/** One tile per class of the label space, the class outlined in its colour; classes that were not seen are named as missing. */
export function galleryTiles(
  gallery: Gallery,
  { names }: LabelSpace,
  colors: readonly Color[],
  tileWidth: number,
): Panel[] {
  const tileHeight = Math.round(tileWidth / aspect);
  return names.slice(1).map((name, i) => {
    const sight = gallery.get(i + 1);
    return {
      title: sight ? name : `${name}: not seen`,
      picture: sight ? tile(sight, tileWidth, tileHeight, colors[i + 1]!) : image(tileWidth, tileHeight),
    };
  });
}

/** Samples per tile pixel and axis. */
const samples = 3;

function tile({ picture, mask, region }: Sight, width: number, height: number, color: Color): Image {
  const out = image(width, height);
  const inside = new Float32Array(width * height);
  const last = [widthOf(picture) - 1, heightOf(picture) - 1] as const;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0];
      for (let sample = 0; sample < samples ** 2; sample++) {
        const u = region.x + ((x + ((sample % samples) + 0.5) / samples) * region.width) / width;
        const v = region.y + ((y + (Math.floor(sample / samples) + 0.5) / samples) * region.height) / height;
        const at = Math.min(last[1], Math.floor(v)) * (last[0] + 1) + Math.min(last[0], Math.floor(u));
        for (let c = 0; c < 3; c++) sum[c]! += picture.data[at * 3 + c]! / samples ** 2;
        inside[y * width + x]! += mask[at]! / samples ** 2;
      }
      out.data.set(
        sum.map((value) => value + 0.5),
        (y * width + x) * 3,
      );
    }
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const own = inside[at]! >= 0.5;
      const edge = [1, -1, width, -width].some((step) => inside[at + step]! >= 0.5 !== own);
      if (edge && own) out.data.set(color, at * 3);
    }
  return out;
}
