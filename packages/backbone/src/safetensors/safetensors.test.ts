import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { left, right } from 'fp-ts/lib/Either.js';
import { decodeSafetensors } from './decode-safetensors.js';
import { encodeSafetensors } from './encode-safetensors.js';
import { arrayOf, bytesOf, type HostTensor, type SafetensorsDtype } from './types.js';

/** A file with any header text and any number of data bytes. */
function fileOf(header: string, data: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + data);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}
const entry = (dtype: string, shape: unknown, offsets: unknown): string =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

const hostTensor: fc.Arbitrary<HostTensor> = fc
  .record({
    dtype: fc.constantFrom(...(Object.keys(bytesOf) as SafetensorsDtype[])),
    shape: fc.array(fc.nat(4), { maxLength: 3 }),
    fill: fc.nat(255),
  })
  .map(({ dtype, shape, fill }) => {
    const buffer = new ArrayBuffer(shape.reduce((a, b) => a * b, bytesOf[dtype]));
    new Uint8Array(buffer).forEach((_, i, bytes) => {
      bytes[i] = (fill + i) & 63;
    });
    return { dtype, shape, data: arrayOf(dtype, buffer) };
  });

describe('safetensors', () => {
  it('reads back what it wrote: any dtype, shape, name', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((name) => name !== '__metadata__'),
          hostTensor,
        ),
        fc.dictionary(fc.string(), fc.string()),
        (tensors, metadata) => {
          const file = encodeSafetensors(tensors, metadata);
          const decoded = decodeSafetensors(file, 'memory');
          expect(decoded).toEqual(
            right({ tensors: Object.fromEntries(Object.entries(tensors)), metadata: { ...metadata } }),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is laid out as the format says', () => {
    const file = encodeSafetensors({ a: { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) } });
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))).toEqual({
      a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
    });
    expect(new Float32Array(file.buffer, 8 + length, 2)).toEqual(Float32Array.of(1, 2));
  });

  it('reads a file that lies anywhere in its buffer', () => {
    const file = encodeSafetensors({ a: { dtype: 'F64', shape: [1], data: Float64Array.of(7) } });
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(decodeSafetensors(shifted.subarray(3), 'memory')).toEqual(
      right({ tensors: { a: { dtype: 'F64', shape: [1], data: Float64Array.of(7) } }, metadata: {} }),
    );
  });

  it.each<[string, Uint8Array, string, string]>([
    ['too short', new Uint8Array(5), 'truncated', 'header length'],
    ['a header longer than the file', fileOf('{}', 0).subarray(0, 9), 'truncated', 'header'],
    ['an absurd header length', new Uint8Array(16).fill(255), 'malformed', 'header length'],
    ['no JSON', fileOf('{', 0), 'malformed', 'header'],
    ['no UTF-8', fileOf('{}', 0).fill(0xff, 8), 'malformed', 'header'],
    ['a list', fileOf('[]', 0), 'malformed', 'header'],
    ['no object', fileOf('{"a":3}', 0), 'malformed', 'a'],
    ['an unknown dtype', fileOf(`{"a":${entry('F99', [1], [0, 4])}}`, 4), 'malformed', 'a.dtype'],
    ['a prototype as dtype', fileOf(`{"a":${entry('toString', [1], [0, 4])}}`, 4), 'malformed', 'a.dtype'],
    ['a negative size', fileOf(`{"a":${entry('F32', [-1], [0, 4])}}`, 4), 'malformed', 'a.shape'],
    ['a broken size', fileOf(`{"a":${entry('F32', [0.5], [0, 4])}}`, 4), 'malformed', 'a.shape'],
    ['reversed offsets', fileOf(`{"a":${entry('F32', [1], [4, 0])}}`, 4), 'malformed', 'a.data_offsets'],
    ['three offsets', fileOf(`{"a":${entry('F32', [1], [0, 4, 4])}}`, 4), 'malformed', 'a.data_offsets'],
    ['data cut off', fileOf(`{"a":${entry('F32', [2], [0, 8])}}`, 4), 'truncated', 'a.data_offsets'],
    ['a shape of other size', fileOf(`{"a":${entry('F32', [3], [0, 8])}}`, 8), 'mismatch', 'a.shape'],
    [
      'an overlap',
      fileOf(`{"a":${entry('F32', [2], [0, 8])},"b":${entry('F32', [1], [4, 8])}}`, 8),
      'malformed',
      'b.data_offsets',
    ],
    [
      'a hole',
      fileOf(`{"a":${entry('F32', [1], [0, 4])},"b":${entry('F32', [1], [8, 12])}}`, 12),
      'malformed',
      'b.data_offsets',
    ],
    ['bytes left over', fileOf(`{"a":${entry('F32', [1], [0, 4])}}`, 6), 'mismatch', 'data'],
    ['metadata of numbers', fileOf('{"__metadata__":{"a":1}}', 0), 'malformed', '__metadata__'],
  ])('refuses %s', (_name, file, code, field) => {
    expect(decodeSafetensors(file, 'x.safetensors')).toEqual(
      left(expect.objectContaining({ _tag: 'DataError', code, field, source: 'x.safetensors' })),
    );
  });

  it('never throws on damaged files', () => {
    const file = encodeSafetensors({ a: { dtype: 'I16', shape: [3], data: Int16Array.of(1, 2, 3) } });
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), fc.nat(file.length), (at, value, length) => {
        const damaged = file.slice(0, length);
        if (at < length) damaged[at] = value;
        decodeSafetensors(damaged, 'memory');
      }),
      { numRuns: 500 },
    );
  });

  it('refuses to write data that does not fit its shape', () => {
    expect(() => encodeSafetensors({ a: { dtype: 'F32', shape: [3], data: new Float32Array(2) } })).toThrow(
      '12',
    );
    expect(() =>
      encodeSafetensors({ __metadata__: { dtype: 'U8', shape: [0], data: new Uint8Array(0) } }),
    ).toThrow('__metadata__');
  });
});
