import { isLeft, right } from 'fp-ts/lib/Either.js';
import { checkImage } from './check-image.js';
import { type MaskStoreOptions, openMaskStore, pictureKey } from './mask-store.js';
import type { MaskSource } from './types.js';

/**
 * A mask store (see `openMaskStore`) as a source: for pictures in memory, named by their pixels. A picture that another
 * process is at is waited for.
 */
export function cachedMasks(source: MaskSource, folder: string, options: MaskStoreOptions = {}): MaskSource {
  const store = openMaskStore(source, folder, options);
  return {
    ...source,
    segment: (image, key) => async () => {
      const pixels = checkImage(image, key);
      if (isLeft(pixels)) return pixels;
      const { width, height, data } = pixels.right;
      const found = await store.obtain({
        key: pictureKey(`${width} ${height}\n`, data),
        image: () => async () => right(image),
        width,
        height,
        ...(key === undefined ? {} : { name: key }),
      })();
      return isLeft(found) ? found : right(found.right.masks);
    },
  };
}
