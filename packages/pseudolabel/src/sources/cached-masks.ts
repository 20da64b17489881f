import { isLeft, right } from 'fp-ts/lib/Either.js';
import { checkImage } from './check-image.js';
import { type MaskStoreOptions, openMaskStore, pictureKey } from './mask-store.js';
import type { MaskSource } from './types.js';

/**
 * A mask store (see `openMaskStore`) as a source: for pictures in memory, named by their pixels (and, where
 * the source takes notice of hints, by those). A picture that another process is at is waited for.
 */
export function cachedMasks(source: MaskSource, folder: string, options: MaskStoreOptions = {}): MaskSource {
  const store = openMaskStore(source, folder, options);
  return {
    ...source,
    segment: (image, key, hints) => async () => {
      const pixels = checkImage(image, key);
      if (isLeft(pixels)) return pixels;
      const { width, height, data } = pixels.right;
      const found = await store.obtain({
        key: pictureKey(`${width} ${height}\n`, data, source.hintKey?.(hints) ?? ''),
        image: () => async () => right(image),
        width,
        height,
        ...(key === undefined ? {} : { name: key }),
        ...(hints === undefined ? {} : { hints }),
      })();
      return isLeft(found) ? found : right(found.right.masks);
    },
  };
}
