import { createRandom, type SegmentMasks } from '@nerfseg/geometry';
import { encodeRuns } from '../masks/encode-runs.js';
import { segmentMasks } from '../masks/segment-masks.js';
import { pictureKey } from '../sources/mask-store.js';

export const trialSize = { width: 160, height: 90 } as const;

export const keyOf = (index: number): string => pictureKey(`picture ${index}`);

/** The masks of a made-up picture: always the same for the same number, some 10 kB of them. */
export function masksOfPicture(index: number): SegmentMasks {
  const { width, height } = trialSize;
  const random = createRandom(`masks ${index}`);
  const masks = Array.from({ length: 4 }, () => {
    const bitmap = new Uint8Array(width * height);
    for (let i = 0; i < bitmap.length; i++) bitmap[i] = random.next() < 0.3 ? 1 : 0;
    return encodeRuns(bitmap);
  });
  return segmentMasks(
    width,
    height,
    masks,
    masks.map(() => random.next()),
  );
}
