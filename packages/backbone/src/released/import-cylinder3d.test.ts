import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  type CylindricalGrid,
  type DataError,
  formatError,
  type GridPreset,
  voxelize,
} from '@nerfseg/geometry';
import { type Either, isLeft } from 'fp-ts/lib/Either.js';
import { onBackend } from '../backend.test.helper.js';
import { disposeNetwork } from '../dispose-network.js';
import { encodeScans } from '../encode-scans.js';
import { openNetwork } from '../open-network.js';
import { planScans } from '../plan-scans.js';
import { decodeTorch } from '../torch/decode-torch.js';
import { concat } from '../torch/torch-files.test.helper.js';
import { type ImportedNetwork, importCylinder3d } from './import-cylinder3d.js';
import { loadReleased } from './load-released.js';
import { saveImported } from './save-imported.js';

onBackend('wasm');
const fixtures = fileURLToPath(new URL('../../testing/fixtures', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'released-'));
afterAll(() => rmSync(folder, { recursive: true }));

const unwrap = <A>(result: Either<DataError, A>): A => {
  if (isLeft(result)) throw new Error(formatError(result.left));
  return result.right;
};

/** What testing/make_checkpoints.py wrote beside a checkpoint: a scan, and PyTorch's logits for it. */
interface Expected {
  readonly dataset: GridPreset;
  readonly shape: CylindricalGrid['shape'];
  readonly fullIntensity: number;
  readonly points: readonly number[];
  readonly cells: readonly number[];
  readonly logits: readonly number[];
}
const expectedOf = (name: string): Expected =>
  JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8')) as Expected;
const checkpoint = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(fixtures, `${name}.pt`)));

const scanOf = ({ points, fullIntensity, shape }: Expected, grid: CylindricalGrid) => {
  const rows = points.length / 4;
  const positions = Float32Array.from(
    { length: rows * 3 },
    (_, i) => points[Math.floor(i / 3) * 4 + (i % 3)],
  );
  const intensity = Float32Array.from({ length: rows }, (_, n) => points[n * 4 + 3] / fullIntensity);
  return unwrap(voxelize({ positions, intensity }, { ...grid, shape }));
};

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
};

/** This project's logits of a saved and reopened import. */
async function logitsOf(imported: ImportedNetwork, expected: Expected): Promise<Float32Array> {
  const path = join(folder, 'network.safetensors');
  unwrap(await saveImported(path, imported)());
  const { network } = unwrap(await openNetwork(path)());
  const scan = scanOf(expected, imported.grid);
  expect([...scan.coords]).toEqual(expected.cells);
  const { logits } = encodeScans(network, planScans([scan], network.config), {
    training: false,
    levels: false,
  });
  const values = (await logits.data()) as Float32Array;
  logits.dispose();
  disposeNetwork(network);
  return values;
}

describe.each([
  ['authors-spconv1', 'cylinder3d', 'spconv1', 'released', 20],
  ['mmdetection3d-spconv1', 'mmdetection3d', 'spconv1', 'released', 20],
  ['authors-spconv2', 'cylinder3d', 'spconv2', 'paper', 17],
  ['authors-spconv2-native', 'cylinder3d', 'spconv2-native', 'paper', 12],
] as const)('%s', (name, naming, layout, kernelMaps, classes) => {
  const expected = expectedOf(name);
  // 20 and 17 classes say which data set it is.
  const options = classes === 12 ? { dataset: expected.dataset } : {};

  it("is recognised, and gives PyTorch's logits", async () => {
    const imported = unwrap(await loadReleased(join(fixtures, `${name}.pt`), options)());
    expect(imported).toMatchObject({ naming, layout, dataset: expected.dataset });
    expect(imported.config).toMatchObject({ numClasses: classes, width: 1, pointWidths: [6, 8], kernelMaps });
    const logits = await logitsOf(imported, expected);
    // mmdetection3d: class c is this project's c + 1, the last one the ignored 0.
    const shift = naming === 'mmdetection3d' ? 1 : 0;
    const theirs = expected.logits.map((_, i) => {
      const own = i % classes;
      return expected.logits[i - own + ((own - shift + classes) % classes)];
    });
    expect(largestDifference(logits, theirs)).toBeLessThan(1e-4);
  });

  it('gives others with the other kernel maps', async () => {
    const other = kernelMaps === 'paper' ? 'released' : 'paper';
    const imported = unwrap(importCylinder3d(checkpoint(name), name, { ...options, kernelMaps: other }));
    const logits = await logitsOf(imported, { ...expected, logits: [] });
    expect(largestDifference(logits, expected.logits)).toBeGreaterThan(0.01);
  });
});

describe('notes', () => {
  it.each([
    ['authors-spconv1', []],
    ['mmdetection3d-spconv1', ['ignored class']],
    ['authors-spconv2', ['0..255', 'bn1 never took part']],
  ])('of %s', (name, parts) => {
    const { notes } = unwrap(importCylinder3d(checkpoint(name), name));
    expect(notes).toEqual(parts.map((part) => expect.stringContaining(part)));
  });
});

/** The checkpoint with a text replaced by one of the same length everywhere; checksums of the pickle are of no interest. */
function renamed(name: string, from: string, to: string): Uint8Array {
  const bytes = checkpoint(name);
  const [a, b] = [from, to].map((text) => new TextEncoder().encode(text));
  expect(a.length).toBe(b.length);
  for (let at = 0; at + a.length <= bytes.length; at++)
    if (a.every((byte, i) => bytes[at + i] === byte)) bytes.set(b, at);
  return bytes;
}

describe('what is refused', () => {
  // The older format has no checksums: names can be changed in place.
  const refused = (from: string, to: string): DataError => {
    const result = importCylinder3d(renamed('mmdetection3d-spconv1', from, to), 'other.pt');
    if (!isLeft(result)) throw new Error('was imported');
    return result.left;
  };

  it('a missing and a surplus parameter, each named beside the nearest', () => {
    const error = refused('down_block_list.2.bn0_1.weight', 'down_block_list.2.bn0_l.weight');
    expect(error).toMatchObject({
      source: 'other.pt',
      field: 'backbone.down_block_list.2.bn0_1.weight',
      found: 'no such tensor (nearest: backbone.down_block_list.2.bn0_l.weight)',
    });
    expect(error.hint).toContain(
      'backbone.down_block_list.2.bn0_l.weight: a tensor the network does not have, not one of its parameters (nearest: backbone.down_block_list.2.bn0_1.weight)',
    );
  });

  it('a parameter that says a size, when missing', () => {
    expect(refused('decode_head.conv_seg.bias', 'decode_head.conv_seg.bais')).toMatchObject({
      field: 'decode_head.conv_seg.bias',
      found: 'no such tensor (nearest: decode_head.conv_seg.bais)',
    });
  });

  it('parameters of another shape, both named', () => {
    // Two norms of different width exchange their names.
    const swapped = renamed(
      'mmdetection3d-spconv1',
      'down_block_list.2.bn0_1.weight',
      'down_block_list.2.BN0_1.weight',
    );
    const from = new TextEncoder().encode('down_block_list.3.bn0_1.weight');
    const to = new TextEncoder().encode('down_block_list.2.bn0_1.weight');
    const last = new TextEncoder().encode('down_block_list.2.BN0_1.weight');
    const put = new TextEncoder().encode('down_block_list.3.bn0_1.weight');
    for (const [a, b] of [
      [from, to],
      [last, put],
    ])
      for (let at = 0; at + a.length <= swapped.length; at++)
        if (a.every((byte, i) => swapped[at + i] === byte)) swapped.set(b, at);
    const result = importCylinder3d(swapped, 'other.pt');
    expect(result).toMatchObject({
      left: {
        field: 'backbone.down_block_list.2.bn0_1.weight.shape',
        found: '16',
        expected: '8',
        hint: 'Also backbone.down_block_list.3.bn0_1.weight.shape: 8, not 16.',
      },
    });
  });

  it('another network', () => {
    const error = importCylinder3d(checkpoint('../fixtures/tensors'), 'other.pt');
    expect(error).toMatchObject({
      left: { field: 'state_dict', found: expect.stringContaining('16 tensors: whole') },
    });
  });

  it('a class count that says no data set, unless one is named', () => {
    const bytes = checkpoint('authors-spconv2-native');
    expect(importCylinder3d(bytes, 'x')).toMatchObject({ left: { field: 'classes', found: '12' } });
    expect(unwrap(importCylinder3d(bytes, 'x', { dataset: 'nuscenes' })).grid.z).toEqual([-5, 3]);
  });

  it('a weight that is not finite', () => {
    const bytes = checkpoint('mmdetection3d-spconv1');
    const bias = unwrap(unwrap(decodeTorch(bytes, 'x')).get('decode_head.conv_seg.bias')!.read()).data;
    const pattern = new Uint8Array(bias.buffer);
    const at = bytes.findIndex((_, i) => pattern.every((byte, k) => bytes[i + k] === byte));
    bytes.set([0xff, 0x7f], at + 6);
    expect(importCylinder3d(bytes, 'nan.pt')).toMatchObject({
      left: { code: 'malformed', source: 'nan.pt', found: 'NaN', field: 'decode_head.conv_seg.bias[3]' },
    });
  });

  it('a file that is not there', async () => {
    expect(await loadReleased(join(folder, 'none.pt'))()).toMatchObject({ left: { code: 'missing-file' } });
  });

  it('leaves what was there when it cannot write', async () => {
    const imported = unwrap(importCylinder3d(checkpoint('authors-spconv1'), 'x'));
    writeFileSync(join(folder, 'file'), concat([Uint8Array.of(1)]));
    expect(await saveImported(join(folder, 'file', 'inside'), imported)()).toMatchObject({
      left: { code: 'unavailable' },
    });
  });
});
