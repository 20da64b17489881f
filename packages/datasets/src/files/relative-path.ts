import { dataError } from '@nerfseg/geometry';
import { raise } from './guard.js';

/**
 * Whether a file name taken from a table stays in the data set's folder: relative, and never upwards. (Links that the
 * user has put into the folder are followed: data sets are often spread over disks that way.)
 */
export const staysInside = (name: string): boolean =>
  name.length > 0 &&
  !/^([/\\]|[A-Za-z]:)/.test(name) &&
  !name.includes('\0') &&
  !name.split(/[/\\]/).includes('..');

/** Raises `out-of-range` for a file name that leads out of the data set's folder. */
export const checkInside = (name: string, table: string, field: string): void => {
  if (!staysInside(name))
    raise(
      dataError(
        'out-of-range',
        table,
        field,
        JSON.stringify(name).slice(0, 120),
        "a relative path inside of the data set's folder",
      ),
    );
};
