import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';

/** Notes a name that files are called by; raises `mismatch` where it comes again, before the earlier one's files are overwritten. */
export const refuseRepeated = (seen: Set<string>, name: string, source: string, field: string): void => {
  if (seen.has(name)) raise(dataError('mismatch', source, field, `${name} twice`, 'each once'));
  seen.add(name);
};
