import { systemCode } from '@nerfseg/files';
import { type DataError, dataError } from '@nerfseg/geometry';

/** What the operating system said of a file, as a DataError; other exceptions are thrown on. */
export const systemError = (thrown: unknown, path: string, expected: string): DataError => {
  const code = systemCode(thrown);
  if (code === undefined) throw thrown;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return dataError('missing-file', path, 'path', 'nothing there', expected);
  return dataError('unreadable', path, 'path', code, expected);
};
