import { refuse } from './refuse.js';

/** Reads a file from front to back, never beyond its end. */
export interface ByteCursor {
  position(): number;
  /** A view of the next `count` bytes. */
  take(count: number): Uint8Array;
  uint8(): number;
  uint16(): number;
  int32(): number;
  uint32(): number;
  /** A 64-bit count; one beyond 2^53 cannot be right. */
  count64(): number;
  float64BigEndian(): number;
  /** Text up to a newline, which is taken too. */
  line(): string;
}

const longestLine = 400;

export function byteCursor(bytes: Uint8Array, start = 0): ByteCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  const advance = (count: number): number => {
    if (count > bytes.length - at)
      refuse('truncated', `byte ${at}`, `${bytes.length - at} bytes`, `${count} bytes or more`);
    const from = at;
    at += count;
    return from;
  };
  return {
    position: () => at,
    take: (count) => bytes.subarray(advance(count), at),
    uint8: () => bytes[advance(1)],
    uint16: () => view.getUint16(advance(2), true),
    int32: () => view.getInt32(advance(4), true),
    uint32: () => view.getUint32(advance(4), true),
    count64: () => {
      const value = view.getBigUint64(advance(8), true);
      if (value > BigInt(Number.MAX_SAFE_INTEGER))
        refuse('malformed', `byte ${at - 8}`, `a count of ${value}`, 'a count that fits a file');
      return Number(value);
    },
    float64BigEndian: () => view.getFloat64(advance(8)),
    line: () => {
      const end = bytes.indexOf(10, at);
      if (end < 0 || end - at > longestLine)
        refuse('malformed', `byte ${at}`, 'no end of line', 'a name and a newline');
      const text = utf8(bytes.subarray(at, end));
      at = end + 1;
      return text;
    },
  };
}

/** Text in UTF-8, checked. */
export function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('malformed', 'text', 'bytes that are no UTF-8', 'UTF-8');
  }
}
