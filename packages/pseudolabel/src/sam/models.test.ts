import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { drawImage } from '../testing/draw.js';
import { makeConstant, makeNode, type OnnxGraph, onnxTypes, readGraph, writeModel } from './onnx-graph.js';
import { concatBytes, readFields, writeField } from './protobuf.js';
import { samMasks } from './sam-masks.js';
import { splitDecoder } from './split-decoder.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sam-models-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const integers = (...values: number[]): Uint8Array =>
  new Uint8Array(BigInt64Array.from(values, BigInt).buffer);

/** ONNX IR 8 and opset 17. */
const empty: OnnxGraph = {
  nodes: [],
  initializers: new Map(),
  inputs: [],
  outputs: [],
  model: readFields(concatBytes([Uint8Array.of(8, 8), writeField(8, Uint8Array.of(16, 17))])),
  rest: readFields(writeField(2, new TextEncoder().encode('test'))),
};
const save = (name: string, bytes: Uint8Array): string => {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
};

/** An encoder that makes each token of a tile's corner pixel: [1, 3, 1024, 1024] to [1, 3, 64, 64]. */
const encoder = (input = 'input_image', output = 'embeddings'): Uint8Array =>
  writeModel(
    empty,
    [
      makeConstant('starts', [2], onnxTypes.int64, integers(0, 0)),
      makeConstant('ends', [2], onnxTypes.int64, integers(1024, 1024)),
      makeConstant('axes', [2], onnxTypes.int64, integers(2, 3)),
      makeConstant('steps', [2], onnxTypes.int64, integers(16, 16)),
      makeNode('Slice', [input, 'starts', 'ends', 'axes', 'steps'], [output]),
    ],
    [input],
    [output],
  );

/**
 * A decoder of the original's inputs that cuts by red: it answers every prompt with one mask of 256 x 256 logits, red where
 * the prompt's first coordinate is 0 or more, so that it depends on both.
 */
const decoder = (masks = 'low_res_masks'): Uint8Array =>
  writeModel(
    empty,
    [
      makeConstant('one', [1], onnxTypes.int64, integers(1)),
      makeConstant('nothing', [1], onnxTypes.int64, integers(0)),
      makeConstant('four', [4], onnxTypes.float, floats(1, 1, 4, 4)),
      makeConstant('strength', [], onnxTypes.float, floats(9)),
      makeNode('Slice', ['image_embeddings', 'nothing', 'one', 'one'], ['red']),
      makeNode('Resize', ['red', '', 'four'], ['large']),
      makeNode('Mul', ['large', 'strength'], ['strong']),
      makeNode('ReduceMax', ['point_coords'], ['most'], { keepdims: 0 }),
      makeNode('Sign', ['most'], ['sign']),
      makeNode('Mul', ['strong', 'sign'], [masks]),
      makeNode('ReduceMax', ['point_labels'], ['label'], { axes: [1], keepdims: 1 }),
      makeNode('Identity', ['label'], ['iou_predictions']),
    ],
    ['image_embeddings', 'point_coords', 'point_labels', 'mask_input', 'orig_im_size'],
    [masks, 'iou_predictions'],
  );

const picture = drawImage(128, 64, (x, y) =>
  x >= 32 && x < 80 && y >= 16 && y < 48 ? [255, 0, 0] : [0, 90, 90],
);
const options = { pointsPerSide: 2, trimPadding: false } as const;

describe('models by path', () => {
  it('are fed by the names of their inputs', async () => {
    const weights = { encoder: save('e.onnx', encoder()), decoder: save('d.onnx', decoder()) };
    const source = await samMasks({ ...options, weights })();
    if (source._tag === 'Left')
      throw new Error(`${source.left.source} ${source.left.field} ${source.left.found}`);
    expect(source.right.name).toBe('sam-onnx');
    // Weights that are not known get the original's thresholds.
    expect(source.right.settings).toMatchObject({ minPredictedIou: 0.88, minStability: 0.95 });
    const masks = await source.right.segment(picture)();
    expect(masks).toMatchObject({ right: { masks: [{}] } });
    if (masks._tag === 'Right') {
      expect([...masks.right.score]).toEqual([1]);
      expect(masks.right.area[0]! / (48 * 32)).toBeCloseTo(1, 0);
    }
    await source.right.close?.();
  });

  it('are what they are where the environment names them, too', async () => {
    process.env.NERFSEG_SAM_ENCODER = save('e.onnx', encoder());
    process.env.NERFSEG_SAM_DECODER = save('d.onnx', decoder());
    try {
      const source = await samMasks(options)();
      expect(source).toMatchObject({
        right: { name: 'sam-onnx', settings: { minPredictedIou: 0.88, minStability: 0.95 } },
      });
      if (source._tag === 'Right') await source.right.close?.();
    } finally {
      delete process.env.NERFSEG_SAM_ENCODER;
      delete process.env.NERFSEG_SAM_DECODER;
    }
  });

  it('are split into what a picture and what a prompt needs', () => {
    const graph = readGraph(decoder())!;
    const split = splitDecoder(graph, {
      outputs: [['low_res_masks', 'iou_predictions']],
      rows: 64,
      columns: 64,
    });
    expect(split?.shared).toEqual(['strong']);
    const types = (model: Uint8Array): string[] => readGraph(model)!.nodes.map((node) => node.type);
    expect(types(split!.image!)).toContain('Resize');
    expect(types(split!.prompt)).not.toContain('Resize');
    // Fewer tokens need a graph that is known to allow it.
    expect(
      splitDecoder(graph, { outputs: [['low_res_masks', 'iou_predictions']], rows: 20, columns: 64 }),
    ).toBeUndefined();
  });

  const fails = async (weights: { encoder: string; decoder: string }): Promise<unknown> =>
    await samMasks({ ...options, weights })();

  it('that are damaged or cut short are named', async () => {
    const [e, d] = [encoder(), decoder()];
    const good = { encoder: save('e.onnx', e), decoder: save('d.onnx', d) };
    for (const field of ['encoder', 'decoder'] as const)
      for (const [name, bytes] of [
        ['short', (field === 'encoder' ? e : d).subarray(0, 150)],
        ['noise', Uint8Array.from({ length: 999 }, (_, i) => (i * 89) % 251)],
        ['empty', new Uint8Array(0)],
      ] as const) {
        const file = save(`${name}.onnx`, bytes);
        expect(await fails({ ...good, [field]: file })).toMatchObject({
          left: { code: 'malformed', source: file },
        });
      }
  });

  it('of other inputs or outputs are told what was found and expected', async () => {
    const good = { encoder: save('e.onnx', encoder()), decoder: save('d.onnx', decoder()) };
    const mismatch = (source: string, field: string, found: RegExp): object => ({
      left: { code: 'mismatch', source, field, found: expect.stringMatching(found) },
    });
    const noPrompt = save('np.onnx', encoder('pixels', 'classes'));
    expect(await fails({ ...good, decoder: noPrompt })).toMatchObject(mismatch(noPrompt, 'inputs', /pixels/));
    expect(await fails({ ...good, encoder: good.decoder })).toMatchObject(
      mismatch(good.decoder, 'inputs', /image_embeddings.*point_coords/),
    );
    const other = save('o.onnx', decoder('pictures'));
    expect(await fails({ ...good, decoder: other })).toMatchObject(mismatch(other, 'outputs', /pictures/));
  });
});
