import type { DataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { FrameScan, StepScan } from '../train/step-scan.js';

/** Teaches the unlabelled scans of a step one after another; `i` counts them. The others stay as they are. */
export const eachUnlabelled =
  (
    scans: readonly StepScan[],
    teach: (scan: FrameScan, i: number) => TaskEither<DataError, FrameScan>,
  ): TaskEither<DataError, readonly StepScan[]> =>
  async () => {
    const taught: StepScan[] = [];
    let i = 0;
    for (const scan of scans) {
      if (scan.kind !== 'unlabelled') {
        taught.push(scan);
        continue;
      }
      const one = await teach(scan, i++)();
      if (E.isLeft(one)) return one;
      taught.push(one.right);
    }
    return E.right(taught);
  };

/** Classes of the sensor's points as classes of the student's, some of which augmentation may have dropped. */
export const keptClasses = (classes: Uint8Array, kept: Int32Array | undefined): Uint8Array =>
  kept ? Uint8Array.from(kept, (row) => classes[row]!) : classes;
