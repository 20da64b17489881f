// One writer of the kill trial: asks the store for every picture in an order of its own, and appends a line to its journal
// before it computes a picture ('start') and after the store reported it written ('made') or there ('found').
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, formatError, image } from '@nerfseg/geometry';
import { isLeft, right } from 'fp-ts/lib/Either.js';
import { openMaskStore } from '../sources/mask-store.js';
import type { MaskSource } from '../sources/types.js';
import { keyOf, masksOfPicture, trialSize } from './kill-trial-pictures.js';

const [folder = '', journal = '', pictures = '0', seed = '0', milliseconds = '0'] = process.argv.slice(2);

const say = (line: string): void => appendFileSync(journal, `${line}\n`);
const source: MaskSource = {
  name: 'trial',
  settings: {},
  segment: (_, name) => async () => {
    say(`start ${name}`);
    await sleep(Number(milliseconds));
    return right(masksOfPicture(Number(name)));
  },
};
const store = openMaskStore(source, folder, { poll: 5, silence: 2000, beat: 200 });
const { width, height } = trialSize;
const order = createRandom(seed).shuffle(Array.from({ length: Number(pictures) }, (_, i) => i));
for (const index of order) {
  const result = await store.obtain({
    key: keyOf(index),
    name: String(index),
    image: () => async () => right(image(width, height)),
    width,
    height,
  })();
  if (isLeft(result)) {
    say(`error ${index} ${formatError(result.left)}`);
    process.exit(1);
  }
  say(`${result.right.state} ${index}`);
}
say('done');
