// Files by hand that PyTorch would not write: hostile pickles, zip64 records.

export const concat = (parts: readonly Uint8Array[]): Uint8Array => {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
};

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** BINUNICODE. */
export const pickleText = (text: string): string[] => [`X${String.fromCharCode(text.length)}\0\0\0`, text];

/** BININT. */
export const pickleNumber = (value: number): string[] => [
  'J',
  String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255),
];

/** A file of the older format around instructions for its object (protocol 2, latin-1). */
export function legacyFile(
  object: readonly string[],
  storages: readonly { key: string; elements: number; bytes: number }[] = [],
): Uint8Array {
  const pickle = (...instructions: string[]): Uint8Array => latin1(`\x80\x02${instructions.join('')}`);
  return concat([
    pickle('\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.'),
    pickle('M\xe9\x03.'),
    pickle('}', ...pickleText('little_endian'), '\x88s.'),
    pickle(...object),
    pickle('](', ...storages.flatMap(({ key }) => pickleText(key)), 'e.'),
    ...storages.flatMap(({ elements, bytes }) => {
      const count = new Uint8Array(8);
      new DataView(count.buffer).setBigUint64(0, BigInt(elements), true);
      return [count, new Uint8Array(bytes)];
    }),
  ]);
}

/** The same archive with its directory written anew in zip64 form: all sizes, positions and counts in 64 bits. */
export function zip64(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = file.length - 22;
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const start = at;
  const directory: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const fixed = file.slice(at, at + 46);
    const wide = new Uint8Array(28);
    const [from, to] = [new DataView(fixed.buffer), new DataView(wide.buffer)];
    to.setUint16(0, 1, true);
    to.setUint16(2, 24, true);
    to.setBigUint64(4, BigInt(from.getUint32(24, true)), true);
    to.setBigUint64(12, BigInt(from.getUint32(20, true)), true);
    to.setBigUint64(20, BigInt(from.getUint32(42, true)), true);
    for (const offset of [20, 24, 42]) from.setUint32(offset, 0xffffffff, true);
    from.setUint16(30, wide.length, true);
    from.setUint16(32, 0, true);
    directory.push(fixed, file.slice(at + 46, at + 46 + name), wide);
    at += 46 + name + extra + comment;
  }
  const entries = concat(directory);
  const record = new Uint8Array(56 + 20 + 22);
  const tail = new DataView(record.buffer);
  tail.setUint32(0, 0x06064b50, true);
  tail.setBigUint64(4, 44n, true);
  tail.setBigUint64(24, BigInt(count), true);
  tail.setBigUint64(32, BigInt(count), true);
  tail.setBigUint64(40, BigInt(entries.length), true);
  tail.setBigUint64(48, BigInt(start), true);
  tail.setUint32(56, 0x07064b50, true);
  tail.setBigUint64(64, BigInt(start + entries.length), true);
  tail.setUint32(72, 1, true);
  tail.setUint32(76, 0x06054b50, true);
  for (const offset of [84, 86]) tail.setUint16(offset, 0xffff, true);
  for (const offset of [88, 92]) tail.setUint32(offset, 0xffffffff, true);
  return concat([file.subarray(0, start), entries, record]);
}
