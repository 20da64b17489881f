import { describe, expect, it } from '@jest/globals';
import { dataError, formatError } from './errors.js';

describe('DataError', () => {
  it('tells source, field, found and expected in one line', () => {
    const error = dataError('truncated', 'scan.bin', 'size', '17 bytes', 'a multiple of 16');
    expect(formatError(error)).toBe('scan.bin: size: found 17 bytes, expected a multiple of 16.');
    expect('hint' in error).toBe(false);
  });
  it('shows an empty text as one, and no text of a megabyte', () => {
    expect(dataError('malformed', 'a.json', 'name', '', 'a name').found).toBe("''");
    expect(dataError('malformed', 'a.json', 'name', '7'.repeat(1e6), 'a name').found).toHaveLength(403);
  });
  it('adds the hint', () => {
    const error = dataError('empty', 'scan', 'points', 'none', 'some', 'Is the file complete?');
    expect(formatError(error)).toMatch(/expected some\. Is the file complete\?$/);
  });
});
