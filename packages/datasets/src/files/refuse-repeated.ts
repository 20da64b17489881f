import { dataError } from '@nerfseg/geometry';
import { raise } from './guard.js';

/** Notes a name; raises `mismatch` where it comes again: a writer would overwrite the earlier one's files, a reader have them twice. */
export const refuseRepeated = (seen: Set<string>, name: string, source: string, field: string): void => {
  if (seen.has(name)) raise(dataError('mismatch', source, field, `${name} twice`, 'each once'));
  seen.add(name);
};
