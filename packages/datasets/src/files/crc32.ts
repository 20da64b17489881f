// Slicing by four: table[k] advances a byte that is followed by k others.
const tables = Array.from({ length: 4 }, () => new Int32Array(256));
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  tables[0][n] = c;
}
for (let k = 1; k < 4; k++)
  for (let n = 0; n < 256; n++) {
    const before = tables[k - 1][n];
    tables[k][n] = tables[0][before & 255] ^ (before >>> 8);
  }
const [table0, table1, table2, table3] = tables;

/** CRC-32 as zip and PNG have it (ISO 3309): unsigned. Node has one of its own only from 20.15 on. */
export const crc32 = (bytes: Uint8Array): number => {
  let c = -1;
  let i = 0;
  for (const end = bytes.length - 3; i < end; i += 4) {
    c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    c = table3[c & 255] ^ table2[(c >>> 8) & 255] ^ table1[(c >>> 16) & 255] ^ table0[c >>> 24];
  }
  for (; i < bytes.length; i++) c = table0[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return ~c >>> 0;
};
