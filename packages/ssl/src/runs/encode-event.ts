import { maskedCrc32c } from './crc32c.js';

/** What an event tells: the file's version, that a session starts at a step, or numbers by tag. */
export type EventContent =
  | { readonly fileVersion: string }
  | { readonly start: true }
  | { readonly scalars: Readonly<Record<string, number>> };

const text = new TextEncoder();

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
};

/** A protocol-buffer field of bytes: key, length, content. */
const field = (number: number, content: ArrayLike<number>): number[] => [
  (number << 3) | 2,
  ...varint(content.length),
  ...Array.from(content),
];

const float64 = (value: number): Uint8Array => new Uint8Array(Float64Array.of(value).buffer);
const float32 = (value: number): Uint8Array => new Uint8Array(Float32Array.of(value).buffer);

/**
 * One event of TensorBoard's files as a record: tensorflow/core/util/event.proto (wall_time 1, step 2, file_version 3,
 * summary 5 of value 1 { tag 1, simple_value 2 }, session_log 7 { status 1 }) in TFRecord's frame (length, masked
 * CRC-32C of the length, data, masked CRC-32C of the data; little endian).
 *
 * @param wallTime seconds since 1970.
 */
export function encodeEvent(wallTime: number, step: number, content: EventContent): Uint8Array {
  const data = Uint8Array.from([
    (1 << 3) | 1,
    ...float64(wallTime),
    2 << 3,
    ...varint(step),
    ...contentOf(content),
  ]);
  const record = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

function contentOf(content: EventContent): number[] {
  if ('fileVersion' in content) return field(3, text.encode(content.fileVersion));
  if ('start' in content) return field(7, [1 << 3, 1]);
  const values = Object.entries(content.scalars).flatMap(([tag, value]) =>
    field(1, [...field(1, text.encode(tag)), (2 << 3) | 5, ...float32(value)]),
  );
  return field(5, values);
}
