/** One field of a protobuf message, its bytes untouched. */
export interface ProtobufField {
  readonly number: number;
  /** Tag, length and content, as they stand in the message. */
  readonly bytes: Uint8Array;
  /** The content of a length-delimited field; empty for the other wire types. */
  readonly content: Uint8Array;
}

/**
 * The fields of a message in their order (protobuf wire format, https://protobuf.dev/programming-guides/encoding).
 *
 * @throws RangeError when the bytes are no message.
 */
export function readFields(message: Uint8Array): ProtobufField[] {
  const fields: ProtobufField[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= message.length || shift > 63) throw new RangeError('protobuf: a number runs past the end');
      const byte = message[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const wire = tag % 8;
    let content = message.subarray(at, at);
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = varint();
      content = message.subarray(at, at + length);
      at += length;
    } else throw new RangeError(`protobuf: wire type ${wire}`);
    if (at > message.length) throw new RangeError('protobuf: a field runs past the end');
    fields.push({ number: Math.floor(tag / 8), bytes: message.subarray(start, at), content });
  }
  return fields;
}

/** A length-delimited field, ready to be put into a message. */
export function writeField(number: number, content: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.from([...varintOf(number * 8 + 2), ...varintOf(content.length)]), content]);
}

/** All parts, one after the other. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A number as protobuf writes it. */
export function varintOf(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}
