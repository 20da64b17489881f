import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readImage, writeJpeg, writePng } from '@nerfseg/datasets';
import { createRandom, image } from '@nerfseg/geometry';
import { readGroundTruth } from '@nerfseg/sim';
import sharp from 'sharp';
import { endReading, must, startReading, taken } from '../read-all.js';
import type { FuzzTarget } from '../types.js';
import { sound } from './scene.js';

const random = createRandom('picture');
const picture = image(
  20,
  14,
  Uint8Array.from({ length: 20 * 14 * 3 }, () => random.int(256)),
);

export const pictures: FuzzTarget = {
  name: 'pictures',
  make: async (root) => {
    await sound(writePng(path.join(root, 'pictures/a.png'), picture));
    await sound(writeJpeg(path.join(root, 'pictures/b.jpg'), picture));
  },
  open: async (root) => {
    const notes = startReading();
    for (const name of ['pictures/a.png', 'pictures/b.jpg']) {
      const read = taken(notes, await readImage(path.join(root, name))());
      if (read) must(read.data.length === read.shape[0] * read.shape[1] * 3, 'no RGB image');
    }
    return endReading(notes);
  },
};

const key = { sequence: 'scene-0001', camera: 'CAM_FRONT', timestamp: 17 };

export const groundTruth: FuzzTarget = {
  name: 'simulator’s ground truth',
  make: async (root) => {
    const folder = path.join(root, 'groundtruth', key.sequence, key.camera);
    await mkdir(folder, { recursive: true });
    const raw = { width: 20, height: 14, channels: 1 } as const;
    const words = Uint16Array.from({ length: 280 }, (_, i) => i * 200);
    const put = async (layer: string, data: Uint8Array | Uint16Array, space: string): Promise<void> =>
      void (await sharp(data, { raw })
        .toColourspace(space)
        .png()
        .toFile(path.join(folder, `17.${layer}.png`)));
    await put(
      'classes',
      Uint8Array.from(words, (word) => word % 17),
      'b-w',
    );
    await put('depth', words, 'grey16');
    await put('objects', words, 'grey16');
  },
  open: async (root) => {
    const notes = startReading();
    const truth = taken(notes, await readGroundTruth(root, key)());
    if (truth) {
      const pixels = truth.width * truth.height;
      for (const layer of [truth.classes, truth.depth, truth.objects])
        must(layer.length === pixels, `a layer of ${layer.length} values for ${pixels} pixels`);
    }
    return endReading(notes);
  },
};
