/**
 * Fills holes and drops islands smaller than `minArea` pixels (8-connected), in place: the original generator's
 * `min_mask_region_area`. When every island is small, the largest stays.
 *
 * @param bitmap [H*W] 1 inside the mask.
 * @returns whether anything changed.
 */
export function removeSmallRegions(
  bitmap: Uint8Array,
  width: number,
  height: number,
  minArea: number,
): boolean {
  const box = growBox(bitmap, width, height, minArea);
  if (box === undefined) return false;
  const part = cut(bitmap, width, box);
  const holes = flipSmall(part, minArea, 0);
  const islands = flipSmall(part, minArea, 1);
  for (let y = 0; y < part.height; y++)
    bitmap.set(part.bitmap.subarray(y * part.width, (y + 1) * part.width), (box.y0 + y) * width + box.x0);
  return holes || islands;
}

interface Part {
  readonly bitmap: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Sides beyond which the picture goes on, with nothing but background: left, top, right, bottom. */
  readonly open: readonly [boolean, boolean, boolean, boolean];
}

/**
 * The mask's box and one pixel around it, x1 and y1 exclusive; up to the picture's edge where less than `minArea` pixels
 * lie beyond, so that background which goes on outside of the box is never small.
 */
function growBox(
  bitmap: Uint8Array,
  width: number,
  height: number,
  minArea: number,
): { x0: number; y0: number; x1: number; y1: number; open: Part['open'] } | undefined {
  const first = bitmap.indexOf(1);
  if (first < 0) return undefined;
  let y0 = Math.max(0, Math.floor(first / width) - 1);
  let y1 = Math.min(height, Math.floor(bitmap.lastIndexOf(1) / width) + 2);
  let [x0, x1] = [width, 0];
  for (let y = y0; y < y1; y++) {
    const line = bitmap.subarray(y * width, (y + 1) * width);
    const left = line.indexOf(1);
    if (left < 0) continue;
    x0 = Math.min(x0, left);
    x1 = Math.max(x1, line.lastIndexOf(1) + 1);
  }
  x0 = Math.max(0, x0 - 1);
  x1 = Math.min(width, x1 + 1);
  if (x0 * height < minArea) x0 = 0;
  if ((width - x1) * height < minArea) x1 = width;
  if (y0 * width < minArea) y0 = 0;
  if ((height - y1) * width < minArea) y1 = height;
  return { x0, y0, x1, y1, open: [x0 > 0, y0 > 0, x1 < width, y1 < height] };
}

function cut(
  bitmap: Uint8Array,
  width: number,
  box: { x0: number; y0: number; x1: number; y1: number; open: Part['open'] },
): Part {
  const [w, h] = [box.x1 - box.x0, box.y1 - box.y0];
  const part = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    const from = (box.y0 + y) * width + box.x0;
    part.set(bitmap.subarray(from, from + w), y * w);
  }
  return { bitmap: part, width: w, height: h, open: box.open };
}

function flipSmall(part: Part, minArea: number, value: 0 | 1): boolean {
  const { bitmap } = part;
  const seen = new Uint8Array(bitmap.length);
  const region = new Int32Array(bitmap.length);
  const small: Int32Array[] = [];
  let anyLarge = false;
  for (let seed = 0; seed < bitmap.length; seed++) {
    if (bitmap[seed] !== value || seen[seed] === 1) continue;
    const { size, leaves } = flood(part, seed, value, seen, region);
    if (size >= minArea || leaves) anyLarge = true;
    else small.push(region.slice(0, size));
  }
  const largest = small.reduce((most, pixels) => Math.max(most, pixels.length), 0);
  const spared = value === 1 && !anyLarge ? small.findIndex((pixels) => pixels.length === largest) : -1;
  let changed = false;
  small.forEach((pixels, i) => {
    if (i === spared) return;
    for (const pixel of pixels) bitmap[pixel] = 1 - value;
    changed = true;
  });
  return changed;
}

/** Leaves the region's pixels in `region[0 .. size)`; `leaves`: it goes on beyond the part. */
function flood(
  { bitmap, width, height, open }: Part,
  seed: number,
  value: number,
  seen: Uint8Array,
  region: Int32Array,
): { size: number; leaves: boolean } {
  let size = 1;
  let leaves = false;
  region[0] = seed;
  seen[seed] = 1;
  for (let head = 0; head < size; head++) {
    const x = region[head]! % width;
    const y = (region[head]! - x) / width;
    if (
      (x === 0 && open[0]) ||
      (y === 0 && open[1]) ||
      (x === width - 1 && open[2]) ||
      (y === height - 1 && open[3])
    )
      leaves = true;
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const n = ny * width + nx;
        if (seen[n] === 1 || bitmap[n] !== value) continue;
        seen[n] = 1;
        region[size++] = n;
      }
    }
  }
  return { size, leaves };
}
