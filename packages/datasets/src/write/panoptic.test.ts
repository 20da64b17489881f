import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Option } from 'fp-ts/lib/Option.js';
import { npzBytes, readNpz } from '../files/npz.js';
import { openNuScenes } from '../nuscenes/open-nuscenes.js';
import { writeNuScenesPanopticPrediction } from '../submission/write-panoptic-predictions.js';
import { failure, frameRecord, get, numPoints, sceneRecord, scratch } from '../testing/scene.test.helper.js';
import { objectsOf } from './objects-of.js';
import { writeNuScenes } from './write-nuscenes.js';

const someOf = <A>(option: Option<A>): A => {
  if (option._tag === 'None') throw new Error('none');
  return option.value;
};

describe('panoptic labels', () => {
  const records = [0, 1].map((i) => ({
    ...frameRecord(i, 17, []),
    // Any numbers: the second frame has the first's objects 70000 and 3.
    instances: Uint32Array.from({ length: numPoints }, (_, p) => [0, 70_000, 3][(p + i) % 3]),
  }));
  const written = async () => {
    const root = await scratch();
    await get(writeNuScenes(root, [{ ...sceneRecord('scene-0001', 0, 17, []), frames: records }]));
    return { root, dataset: await get(openNuScenes({ root })) };
  };

  it('come back as they were written: the same points are of the same object, all along the scene', async () => {
    const { dataset } = await written();
    const idOf = new Map<string, number>();
    for (const [i, { labels, instances }] of records.entries()) {
      const frame = dataset.frame(i);
      expect(Array.from(someOf(await get(frame.labels())))).toEqual(Array.from(labels!));
      const found = someOf(await get(frame.instances!()));
      for (let p = 0; p < numPoints; p++) {
        if (instances[p] === 0) expect(found[p]).toBe(0);
        else {
          const key = `${labels![p]} ${instances[p]}`;
          if (!idOf.has(key)) idOf.set(key, found[p]);
          expect(found[p]).toBe(idOf.get(key));
        }
      }
    }
    expect(new Set(idOf.values()).size).toBe(idOf.size);
    for (const id of idOf.values()) expect([1, 2]).toContain(id % 1000);
  });

  it('are the same whether a run went through or was continued', async () => {
    const whole = await written();
    const root = await scratch();
    const scene = sceneRecord('scene-0001', 0, 17, []);
    await get(writeNuScenes(root, [{ ...scene, frames: [records[0]] }]));
    const { points: _, labels: __, instances: ___, ...rest } = records[0];
    const before = { ...rest, written: true as const, labelled: true, objects: objectsOf(records[0]) };
    await get(writeNuScenes(root, [{ ...scene, frames: [before, records[1]] }]));
    const continued = await get(openNuScenes({ root }));
    for (const i of [0, 1])
      expect(await get(continued.frame(i).instances!())).toEqual(
        await get(whole.dataset.frame(i).instances!()),
      );
  });

  it('stand in for lidarseg where that is missing', async () => {
    const { root } = await written();
    await rm(join(root, 'v1.0-mini/lidarseg.json'));
    const dataset = await get(openNuScenes({ root }));
    expect(Array.from(someOf(await get(dataset.frame(1).labels())))).toEqual(Array.from(records[1].labels!));
  });

  it('have room for 999 objects of a category in a scene', async () => {
    const root = await scratch();
    const thousand = (count: number) => {
      const points = { positions: new Float32Array(count * 3), intensity: new Float32Array(count) };
      const instances = Array.from({ length: count }, (_, p) => p + 1);
      const frame = { ...records[0], points, labels: new Uint8Array(count).fill(4), instances };
      return writeNuScenes(root, [{ ...sceneRecord('scene-0001', 0, 17, []), frames: [frame] }]);
    };
    await get(thousand(999));
    expect(await failure(thousand(1000))).toMatchObject({
      code: 'out-of-range',
      source: `${root}: scene-0001`,
      field: 'instances',
    });
  });

  it('must fit the sweep', async () => {
    const { root, dataset } = await written();
    const frame = dataset.frame(0);
    const path = join(root, `panoptic/v1.0-mini/${frame.lidarToken}_panoptic.npz`);
    const after = async (bytes: Uint8Array) => {
      await writeFile(path, bytes);
      return failure(frame.instances!());
    };
    expect(await after(npzBytes({ data: new Uint16Array(numPoints - 1) }))).toMatchObject({
      code: 'mismatch',
      source: path,
    });
    expect(await after(npzBytes({ data: new Uint8Array(numPoints) }))).toMatchObject({ code: 'malformed' });
    expect(await after(npzBytes({ data: new Uint16Array(1e6) }))).toMatchObject({ code: 'malformed' });
    expect(await after(npzBytes({ labels: new Uint16Array(numPoints) }))).toMatchObject({
      code: 'not-found',
    });
    await rm(path);
    expect(await failure(frame.instances!())).toMatchObject({ code: 'missing-file', source: path });
  });

  it('are written for the challenge, and refused where it would refuse them', async () => {
    const folder = await scratch();
    const frame = { id: 'frame', lidarToken: 'abc' };
    const predict = (classes: number[], instances: number[]) =>
      writeNuScenesPanopticPrediction(folder, 'val', frame, { classes: Uint8Array.from(classes), instances });
    const path = await get(predict([4, 11, 0, 10], [1, 0, 0, 999]));
    expect(path).toBe(join(folder, 'panoptic/val/abc_panoptic.npz'));
    expect(Array.from((await readNpz(path, 'data', 100)).values)).toEqual([4001, 11_000, 0, 10_999]);
    for (const [classes, instances] of [
      [[4], [1000]],
      [[11], [1]],
      [[17], [0]],
      [[4], [0.5]],
    ])
      expect(await failure(predict(classes, instances))).toMatchObject({ code: 'out-of-range' });
    expect(await failure(predict([1], []))).toMatchObject({ code: 'mismatch' });
  });
});
