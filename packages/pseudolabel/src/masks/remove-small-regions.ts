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
  const holes = flipSmall(bitmap, width, height, minArea, 0);
  return flipSmall(bitmap, width, height, minArea, 1) || holes;
}

function flipSmall(
  bitmap: Uint8Array,
  width: number,
  height: number,
  minArea: number,
  value: 0 | 1,
): boolean {
  const seen = new Uint8Array(bitmap.length);
  const stack = new Int32Array(bitmap.length);
  const small: Int32Array[] = [];
  let largestKept = 0;
  let largestSmall = -1;
  for (let seed = 0; seed < bitmap.length; seed++) {
    if (bitmap[seed] !== value || seen[seed] === 1) continue;
    const size = flood(bitmap, width, height, seed, value, seen, stack);
    if (size >= minArea) {
      largestKept = Math.max(largestKept, size);
    } else {
      if (largestSmall < 0 || size > small[largestSmall]!.length) largestSmall = small.length;
      small.push(stack.slice(0, size));
    }
  }
  const spared = value === 1 && largestKept === 0 ? largestSmall : -1;
  let changed = false;
  small.forEach((region, i) => {
    if (i === spared) return;
    for (const pixel of region) bitmap[pixel] = 1 - value;
    changed = true;
  });
  return changed;
}

/** Leaves the region's pixels in `region[0 .. result)`. */
function flood(
  bitmap: Uint8Array,
  width: number,
  height: number,
  seed: number,
  value: number,
  seen: Uint8Array,
  region: Int32Array,
): number {
  let size = 1;
  region[0] = seed;
  seen[seed] = 1;
  for (let head = 0; head < size; head++) {
    const x = region[head]! % width;
    const y = (region[head]! - x) / width;
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const n = ny * width + nx;
        if (seen[n] === 1 || bitmap[n] !== value) continue;
        seen[n] = 1;
        region[size++] = n;
      }
    }
  }
  return size;
}
