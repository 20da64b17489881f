import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';

const folder = process.env.NERFSEG_REAL_DATA ?? join(__dirname, '../../../../../shared/data');

/** Path of something among the real samples. */
export const real = (...path: readonly string[]): string => join(folder, ...path);

/** Tests that need the real samples; where they are absent the block says so and is skipped. */
export const describeReal = (name: string, tests: () => void): void => {
  if (existsSync(folder)) describe(name, tests);
  else
    describe.skip(`${name}: no real samples; NERFSEG_REAL_DATA can say where they are`, () =>
      it('', () => {}));
};
