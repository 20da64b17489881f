import { bytesOf, type HostTensor } from './types.js';

/**
 * Writes the safetensors format (https://github.com/huggingface/safetensors): eight bytes of header length (little endian), a JSON
 * header of `{ name: { dtype, shape, data_offsets } }`, then the tensors' bytes back to back. The widest elements come first and the
 * header is padded with spaces to a multiple of eight, so that every tensor is aligned. Throws where data and shape do not agree.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, HostTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(tensors).sort(
    ([a, { dtype: left }], [b, { dtype: right }]) =>
      bytesOf[right] - bytesOf[left] || (a < b ? -1 : a > b ? 1 : 0),
  );
  let end = 0;
  const fields: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : [];
  for (const [name, { dtype, shape, data }] of entries) {
    const bytes = shape.reduce((product, n) => product * n, bytesOf[dtype]);
    if (name === '__metadata__') throw new Error("encodeSafetensors: '__metadata__' is no tensor name");
    if (data.byteLength !== bytes)
      throw new Error(`encodeSafetensors: '${name}' has ${data.byteLength} bytes, its shape says ${bytes}`);
    fields.push([name, { dtype, shape, data_offsets: [end, end + bytes] }]);
    end += bytes;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(json, 8);
  let position = 8 + headerLength;
  for (const [, { data }] of entries) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}
