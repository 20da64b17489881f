import type { Random } from '@nerfseg/geometry';
import { bytesOf, textOf } from '../bytes.js';
import type { ByteMutation } from '../types.js';

type Holder = Record<string, unknown>;

/** Every place in a document: what holds it and under which key. */
const placesOf = (value: unknown): readonly (readonly [Holder, string])[] =>
  typeof value === 'object' && value !== null
    ? Object.keys(value).flatMap((key) => [
        [value as Holder, key] as const,
        ...placesOf((value as Holder)[key]),
      ])
    : [];

const onJson =
  (
    change: (places: readonly (readonly [Holder, string])[], random: Random, document: unknown) => unknown,
  ): ByteMutation =>
  (bytes, random) => {
    const document: unknown = JSON.parse(textOf(bytes));
    const places = placesOf(document);
    if (places.length === 0) return undefined;
    return bytesOf(JSON.stringify(change(places, random, document) ?? document));
  };

const wrongTypes: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  2 ** 31,
  '',
  '0',
  'x'.repeat(100_000),
  [],
  {},
  [[[[]]]],
  { token: 'x' },
  [null],
  '\0',
  '__proto__',
  new Array(10_000).fill(1),
];
/** Names that lead out of the folder, or to what is no data. */
const ways = [
  '../outside/secret',
  '../../../../../../etc/passwd',
  '/etc/passwd',
  '/dev/zero',
  'samples/../../outside/secret',
  '..',
  '.',
  './',
  'C:\\secret',
  '..\\outside\\secret',
  'samples/LIDAR_TOP',
  'samples//LIDAR_TOP/../../../outside/secret',
  '\0',
  'file:///etc/passwd',
  'samples/LIDAR_TOP/\0.bin',
  `${'a/'.repeat(3000)}b`,
  'a'.repeat(5000),
];

/** For JSON documents. */
export const jsonMutations: Readonly<Record<string, ByteMutation>> = {
  'wrong type': onJson((places, random) => {
    const [holder, key] = places[random.int(places.length)];
    holder[key] = wrongTypes[random.int(wrongTypes.length)];
  }),
  'no such field': onJson((places, random) => {
    const [holder, key] = places[random.int(places.length)];
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  }),
  'swap fields': onJson((places, random) => {
    const [a, b] = [places[random.int(places.length)], places[random.int(places.length)]];
    const kept = structuredClone(a[0][a[1]]);
    a[0][a[1]] = structuredClone(b[0][b[1]]);
    b[0][b[1]] = kept;
  }),
  'path traversal': (bytes, random) => {
    const document: unknown = JSON.parse(textOf(bytes));
    const named = placesOf(document).filter(([, key]) => /filename|name/.test(key));
    if (named.length === 0) return undefined;
    const [holder, key] = named[random.int(named.length)];
    holder[key] = ways[random.int(ways.length)];
    return bytesOf(JSON.stringify(document));
  },
  'repeat rows': onJson((_, random, document) => {
    if (!Array.isArray(document)) return undefined;
    return [...document, ...document.slice(random.int(document.length))];
  }),
  'reverse rows': onJson((_, __, document) => (Array.isArray(document) ? document.reverse() : undefined)),
  'huge exponents': onJson((places, random) => {
    const numbers = places.filter(([holder, key]) => typeof holder[key] === 'number');
    if (numbers.length === 0) return;
    const [holder, key] = numbers[random.int(numbers.length)];
    holder[key] = [1e300, -1e300, 1e16, -1e16, 1e-300, 2 ** 32, 0.1][random.int(7)];
  }),
  'deep nesting': (bytes, random) => {
    const text = textOf(bytes);
    const at = text.indexOf(':', random.int(text.length));
    const depth = 10 ** (1 + random.int(5));
    return at < 0 ? undefined : bytesOf(`${text.slice(0, at + 1)}${'['.repeat(depth)}${text.slice(at + 1)}`);
  },
  'special keys': (bytes, random) => {
    const text = textOf(bytes);
    const keys = [...text.matchAll(/"(\w+)":/g)];
    if (keys.length === 0) return undefined;
    const one = keys[random.int(keys.length)];
    const key = ['__proto__', 'constructor', 'toString', 'token', 'filename', ''][random.int(6)];
    return bytesOf(`${text.slice(0, one.index)}"${key}":${text.slice(one.index + one[0].length)}`);
  },
};
