import { byteCursor } from './byte-cursor.js';
import { crc32 } from './crc32.js';
import { refuse } from './refuse.js';
import type { ZipEntry } from './zip-directory.js';

/** A view of an entry's bytes, checked against its checksum. */
export function zipEntry(bytes: Uint8Array, { name, header, size, crc }: ZipEntry): Uint8Array {
  const cursor = byteCursor(bytes, Math.min(header, bytes.length));
  if (cursor.uint32() !== 0x04034b50) refuse('malformed', name, 'no local header', 'a whole zip file');
  cursor.take(22);
  const lengths = cursor.uint16() + cursor.uint16();
  cursor.take(lengths);
  const content = cursor.take(size);
  if (crc32(content) !== crc)
    refuse(
      'malformed',
      name,
      `checksum ${crc32(content).toString(16)}`,
      crc.toString(16),
      'The file is damaged, or was saved with torch.serialization.set_crc32_options(False).',
    );
  return content;
}
