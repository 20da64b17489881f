import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { type DataError, formatError } from '@nerfseg/geometry';
import fc from 'fast-check';
import { type Either, isLeft } from 'fp-ts/lib/Either.js';
import type { HostTensor } from '../safetensors/types.js';
import { decodeTorch } from './decode-torch.js';
import { toFloat32 } from './to-float32.js';
import { legacyFile, pickleNumber, pickleText, zip64 } from './torch-files.test.helper.js';

const fixtures = fileURLToPath(new URL('../../testing/fixtures', import.meta.url));
const fixture = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(fixtures, name)));

const unwrap = <A>(result: Either<DataError, A>): A => {
  if (isLeft(result)) throw new Error(formatError(result.left));
  return result.right;
};

/** Numbers of a tensor, at full precision where float32 is less. */
const numbers = (tensor: HostTensor): number[] =>
  tensor.dtype === 'F16' || tensor.dtype === 'BF16'
    ? [...toFloat32(tensor)]
    : Array.from(tensor.data as ArrayLike<number | bigint>, Number);

const expected = JSON.parse(readFileSync(join(fixtures, 'tensors.json'), 'utf8')) as Record<
  string,
  { shape: number[]; values: number[] }
>;

describe.each([
  ['the zip format', fixture('tensors.pt')],
  ['the zip format with zip64 records', zip64(fixture('tensors.pt'))],
  ['the zip format with pickle protocol 4', fixture('tensors-protocol4.pt')],
  ['the format before PyTorch 1.6', fixture('tensors-legacy.pt')],
])('%s', (_name, bytes) => {
  it('gives every tensor as PyTorch has it: views, shared storages, all types', () => {
    const tensors = unwrap(decodeTorch(bytes, 'memory'));
    expect([...tensors.keys()]).toEqual(Object.keys(expected));
    for (const [name, tensor] of tensors) {
      const data = unwrap(tensor.read());
      expect([name, data.shape]).toEqual([name, expected[name].shape]);
      expect([name, numbers(data)]).toEqual([name, expected[name].values]);
    }
  });

  it('never throws on a damaged file', () => {
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(bytes.length),
        (at, flip, length) => {
          const damaged = bytes.slice(0, Math.max(length, bytes.length >> 1));
          if (at < damaged.length) damaged[at] ^= flip;
          const decoded = decodeTorch(damaged, 'memory');
          if (!isLeft(decoded)) for (const tensor of decoded.right.values()) tensor.read();
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is refused when cut short anywhere', () => {
    for (let length = 0; length < bytes.length; length += 7) {
      const decoded = decodeTorch(bytes.subarray(0, length), 'cut.pt');
      expect(decoded).toMatchObject({ _tag: 'Left', left: { _tag: 'DataError', source: 'cut.pt' } });
    }
  });
});

it('finds the state dictionary where another tensor lies beside it', () => {
  const tensors = unwrap(decodeTorch(fixture('tensors-wrapped.pt'), 'memory'));
  expect([...tensors.keys()]).toEqual(['whole', 'column']);
  for (const [name, tensor] of tensors) expect(numbers(unwrap(tensor.read()))).toEqual(expected[name].values);
});

describe('what is refused', () => {
  /** Instructions for a tensor over storage '0'. */
  const tensor = (storage: string, elements: number, offset: number, shape: number[], stride: number[]) => [
    'ctorch._utils\n_rebuild_tensor_v2\n((',
    ...pickleText('storage'),
    `ctorch\n${storage}\n`,
    ...pickleText('0'),
    ...pickleText('cpu'),
    ...pickleNumber(elements),
    't',
    'Q',
    ...pickleNumber(offset),
    '(',
    ...shape.flatMap(pickleNumber),
    't(',
    ...stride.flatMap(pickleNumber),
    't',
    '\x89}tR',
  ];
  const rebuild = (storage: string, elements: number, offset: number, shape: number[], stride: number[]) =>
    legacyFile(
      ['}(', ...pickleText('w'), ...tensor(storage, elements, offset, shape, stride), 'u.'],
      [{ key: '0', elements, bytes: elements * 4 }],
    );

  it.each<[string, Uint8Array, string, string]>([
    [
      'a call of the shell',
      legacyFile(['cposix\nsystem\n', ...pickleText('true'), '\x85R.']),
      'pickle',
      'posix.system',
    ],
    [
      'builtins.eval',
      legacyFile(['c__builtin__\neval\n', ...pickleText('1'), '\x85R.']),
      'pickle',
      '__builtin__.eval',
    ],
    [
      'a whole model',
      legacyFile(['cnetwork.cylinder_spconv_3d\ncylinder_asym\n)\x81}b.']),
      'pickle',
      'cylinder_asym',
    ],
    ['a prototype', legacyFile(['cObject\ntoString\n)R.']), 'pickle', 'Object.toString'],
    [
      'a name from the stack',
      legacyFile([...pickleText('os'), ...pickleText('popen'), '\x93.']),
      'pickle',
      'os.popen',
    ],
    [
      'an inert value that is called into a tensor',
      legacyFile(['}(', ...pickleText('w'), 'cbuiltins\ngetattr\n)Ru.']),
      'state_dict',
      'w',
    ],
    ['a list', legacyFile([']', '.']), 'state_dict', 'a list'],
    ['an unknown instruction', legacyFile(['i.']), 'byte', '0x69'],
    ['a stack that is empty', legacyFile(['R.']), 'byte', 'without operands'],
    ['a memo that is not there', legacyFile(['h\x05.']), 'byte', 'memo 5'],
    ['a text longer than the file', legacyFile(['X\xff\xff\xff\x7f']), 'byte', 'bytes'],
    [
      'a storage type that is unknown',
      rebuild('ComplexFloatStorage', 2, 0, [2], [1]),
      'pickle',
      'ComplexFloatStorage',
    ],
    ['no checkpoint', new TextEncoder().encode('solid cube\nfacet normal'), 'format', 'neither'],
    ['an empty file', new Uint8Array(0), 'format', '0 bytes'],
    ['another pickle', Uint8Array.of(0x80, 2, 0x4e, 0x2e), 'magic number', 'another'],
  ])('%s', (_name, bytes, field, found) => {
    expect(decodeTorch(bytes, 'bad.pt')).toEqual({
      _tag: 'Left',
      left: expect.objectContaining({
        source: 'bad.pt',
        field: expect.stringContaining(field),
        found: expect.stringContaining(found),
      }),
    });
  });

  it.each<[string, number, number[], number[]]>([
    ['beyond its storage', 2, [3], [1]],
    ['with strides beyond it', 0, [2, 2], [3, 2]],
    ['broadcast to any size', 0, [1 << 30, 1 << 30], [0, 0]],
  ])('a tensor %s', (_name, offset, shape, stride) => {
    const tensors = unwrap(decodeTorch(rebuild('FloatStorage', 4, offset, shape, stride), 'bad.pt'));
    expect(tensors.get('w')?.read()).toMatchObject({
      _tag: 'Left',
      left: { code: 'out-of-range', field: 'w' },
    });
  });

  it('a storage that the file names twice, once with more elements than there are', () => {
    const bytes = legacyFile(
      [
        '}(',
        ...pickleText('w'),
        ...tensor('FloatStorage', 8, 0, [8], [1]),
        ...pickleText('v'),
        ...tensor('FloatStorage', 4, 0, [4], [1]),
        'u.',
      ],
      [{ key: '0', elements: 4, bytes: 16 }],
    );
    const tensors = unwrap(decodeTorch(bytes, 'bad.pt'));
    expect(unwrap(tensors.get('v')!.read()).shape).toEqual([4]);
    expect(tensors.get('w')?.read()).toMatchObject({ left: { code: 'mismatch', field: 'storage 0' } });
  });

  it('a storage whose checksum is wrong', () => {
    const bytes = fixture('tensors.pt');
    const pattern = new Uint8Array(new Float32Array([20, 21, 22, 23]).buffer);
    const at = bytes.findIndex((_, i) => pattern.every((byte, k) => bytes[i + k] === byte));
    bytes[at] ^= 1;
    const tensors = unwrap(decodeTorch(bytes, 'bad.pt'));
    expect(tensors.get('whole')?.read()).toMatchObject({
      left: { code: 'malformed', field: 'tensors/data/0', hint: expect.stringContaining('damaged') },
    });
  });

  it('a compressed archive', () => {
    const bytes = fixture('tensors.pt');
    const at = bytes.findIndex((_, i) => bytes[i] === 0x50 && bytes[i + 2] === 1 && bytes[i + 3] === 2);
    bytes[at + 10] = 8;
    expect(decodeTorch(bytes, 'bad.pt')).toMatchObject({ left: { found: 'a compressed entry' } });
  });
});
