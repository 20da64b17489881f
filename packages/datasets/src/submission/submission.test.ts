import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { openSemanticKitti } from '../kitti/open-semantic-kitti.js';
import { nuscenesLabelSpace } from '../labels/nuscenes.js';
import { semanticKittiLabelSpace, semanticKittiMultiScanLabelSpace } from '../labels/semantic-kitti.js';
import { openNuScenes } from '../nuscenes/open-nuscenes.js';
import { loadLabelled } from '../selection/load-labelled.js';
import { relabelled } from '../selection/relabelled.js';
import { subset } from '../selection/subset.js';
import { editText, failure, get, sceneRecord, scratch } from '../testing/scene.test.helper.js';
import { contentOf, writeZip } from '../testing/zip.test.helper.js';
import type { FrameDataset } from '../types.js';
import { writeSemanticKitti } from '../write/write-kitti.js';
import { writeNuScenes } from '../write/write-nuscenes.js';
import { openSubmission } from './open-submission.js';
import { checkSubmission, scoreSubmission } from './score-submission.js';
import {
  writeNuScenesPrediction,
  writeNuScenesSubmission,
  writeSemanticKittiPrediction,
} from './write-predictions.js';

const kittiClasses = semanticKittiLabelSpace.names.length;

const openKitti = async (): Promise<{ dataset: FrameDataset; folder: string }> => {
  const root = await scratch();
  const folder = await scratch();
  await get(
    writeSemanticKitti(
      root,
      ['07', '08'].map((name) => sceneRecord(name, 2, kittiClasses, [])),
    ),
  );
  const dataset = await get(openSemanticKitti({ root }));
  for (let i = 0; i < 4; i++) {
    const random = createRandom(`prediction ${i}`);
    const classes = Uint8Array.from({ length: 50 }, () => random.int(kittiClasses));
    await get(writeSemanticKittiPrediction(folder, dataset.frame(i), classes));
  }
  return { dataset, folder };
};

const openNuscenes = async (): Promise<{ dataset: FrameDataset; folder: string }> => {
  const root = await scratch();
  const folder = await scratch();
  await get(writeNuScenes(root, [sceneRecord('scene-0003', 3, 17, [])]));
  const dataset = await get(openNuScenes({ root }));
  for (let i = 0; i < 3; i++) {
    const random = createRandom(`prediction ${i}`);
    const classes = Uint8Array.from({ length: 50 }, () => 1 + random.int(16));
    await get(writeNuScenesPrediction(folder, 'val', dataset.frame(i), classes));
  }
  await get(writeNuScenesSubmission(folder, 'val'));
  return { dataset, folder };
};

/** Intersection over union, class by class, from lists of pairs: nothing of the library's. */
const naive = (pairs: readonly (readonly [truth: number, predicted: number])[], numClasses: number) => {
  const kept = pairs.filter(([truth]) => truth !== 0);
  const classes = Array.from({ length: numClasses - 1 }, (_, i) => i + 1).map((c) => {
    const both = kept.filter(([t, p]) => t === c && p === c).length;
    const either = kept.filter(([t, p]) => t === c || p === c).length;
    return { truth: kept.filter(([t]) => t === c).length, either, iou: either ? both / either : 0 };
  });
  const mean = (of: typeof classes): number => of.reduce((sum, { iou }) => sum + iou, 0) / of.length;
  return {
    all: mean(classes),
    united: mean(classes.filter(({ either }) => either > 0)),
    occurring: mean(classes.filter(({ truth }) => truth > 0)),
    fwIou: classes.reduce((sum, { truth, iou }) => sum + truth * iou, 0) / kept.length,
    accuracy: kept.filter(([t, p]) => t === p).length / kept.length,
    count: kept.length,
    iou: classes.map(({ iou }) => iou),
  };
};

describe.each([
  { name: 'SemanticKITTI', open: openKitti, mean: 'all' as const, space: semanticKittiLabelSpace },
  { name: 'nuScenes', open: openNuscenes, mean: 'united' as const, space: nuscenesLabelSpace },
])('a submission to $name', ({ open, mean, space }) => {
  it('is scored as counting by hand does, from a folder and from a zip', async () => {
    const { dataset, folder } = await open();
    const zip = join(await scratch(), 'submission.zip');
    await writeZip(zip, await contentOf(folder));
    const numClasses = space.names.length;
    const all: [truth: number, predicted: number, distance: number][] = [];
    for (let i = 0; i < dataset.length; i++) {
      const { points, labels } = await get(loadLabelled(dataset.frame(i)));
      const random = createRandom(`prediction ${i}`);
      labels.forEach((truth, p) => {
        const predicted = mean === 'all' ? random.int(numClasses) : 1 + random.int(numClasses - 1);
        const [x, y, z] = points.positions.subarray(p * 3);
        all.push([truth, predicted, Math.hypot(x, y, z)]);
      });
    }
    for (const path of [folder, zip]) {
      const submission = await get(openSubmission(path, dataset));
      expect(submission.extra).toBe(0);
      const found = await get(scoreSubmission(submission, dataset, { distances: [0, 15, 30] }));
      const wanted = naive(
        all.map(([t, p]) => [t, p] as const),
        numClasses,
      );
      expect(found.frames).toBe(dataset.length);
      expect(found.scores.miou).toBeCloseTo(wanted[mean], 12);
      expect(found.miouOfOccurring).toBeCloseTo(wanted.occurring, 12);
      expect(found.scores.fwIou).toBeCloseTo(wanted.fwIou, 12);
      expect(found.scores.accuracy).toBeCloseTo(wanted.accuracy, 12);
      expect(found.scores.count).toBe(wanted.count);
      found.scores.perClass.slice(1).forEach((iou, c) => {
        expect(iou ?? 0).toBeCloseTo(wanted.iou[c], 12);
      });
      for (const [t, p] of [
        [1, 2],
        [5, 5],
        [16, 3],
      ] as const)
        expect(found.confusion.counts[t * numClasses + p]).toBe(
          all.filter(([truth, predicted]) => truth === t && predicted === p).length,
        );
      expect(found.byDistance.map(({ from, to }) => [from, to])).toEqual([
        [0, 15],
        [15, 30],
        [30, undefined],
      ]);
      for (const { from, to = Number.POSITIVE_INFINITY, scores } of found.byDistance) {
        const near = naive(
          all.filter(([, , d]) => d >= from && d < to).map(([t, p]) => [t, p] as const),
          numClasses,
        );
        expect(scores.count).toBe(near.count);
        expect(scores.miou).toBeCloseTo(near.occurring, 12);
      }
      expect(await get(checkSubmission(submission, dataset))).toEqual({
        frames: dataset.length,
        points: dataset.length * 50,
      });
      submission.close();
    }
  });

  it('may be packed as the folder that one stands in', async () => {
    const { dataset, folder } = await open();
    const zip = join(await scratch(), 'dot.zip');
    await writeZip(
      zip,
      (await contentOf(folder)).map(([name, bytes]) => [`./${name}`, bytes] as const),
    );
    const [plain, dotted] = [
      await get(openSubmission(folder, dataset)),
      await get(openSubmission(zip, dataset)),
    ];
    expect(await get(scoreSubmission(dotted, dataset))).toEqual(await get(scoreSubmission(plain, dataset)));
    dotted.close();
  });

  it('may have more than what is asked for, not less', async () => {
    const { dataset, folder } = await open();
    const part = subset(dataset, [0]);
    const submission = await get(openSubmission(folder, part));
    expect(submission.extra).toBe(mean === 'all' ? 1 : 2);
    expect((await get(scoreSubmission(submission, part))).frames).toBe(1);
    const content = await contentOf(folder);
    const [[gone]] = content.filter(([name]) => /(bin|label)$/.test(name));
    await rm(join(folder, gone));
    expect(await failure(openSubmission(folder, dataset))).toMatchObject({
      code: 'missing-file',
      field: gone,
      found: `nothing there, nor for 0 more of ${dataset.length} frames`,
    });
    const zip = join(await scratch(), 'cut.zip');
    await writeZip(
      zip,
      content.filter(([name]) => name !== gone),
    );
    expect(await failure(openSubmission(zip, dataset))).toMatchObject({ code: 'missing-file', field: gone });
  });

  it('has one prediction per point, of classes that there are', async () => {
    const { dataset, folder } = await open();
    const files = (await contentOf(folder)).filter(([name]) => /(bin|label)$/.test(name));
    const [name, bytes] = files[0];
    const path = join(folder, name);
    const scored = async () => scoreSubmission(await get(openSubmission(folder, dataset)), dataset);
    await truncate(path, bytes.length - 1);
    expect(await failure(await scored())).toMatchObject({ code: 'mismatch', field: 'predictions' });
    await truncate(path, 2 ** 40);
    expect(await failure(await scored())).toMatchObject({ code: 'mismatch', field: 'predictions' });
    const wrong = bytes.slice();
    wrong[4] = 200;
    await writeFile(path, wrong);
    expect(await failure(await scored())).toMatchObject({
      code: 'out-of-range',
      source: `${folder}: ${name}`,
    });
  });

  it('is one of a benchmark, whose classes the data set has', async () => {
    const { dataset, folder } = await openNuscenes();
    const labelSpace = { ...nuscenesLabelSpace, name: 'three', names: nuscenesLabelSpace.names.slice(0, 3) };
    const coarse = relabelled(dataset, { labelSpace, classOf: Array.from({ length: 17 }, (_, c) => c % 3) });
    expect(await failure(openSubmission(folder, coarse))).toMatchObject({
      code: 'mismatch',
      field: 'label space',
      found: 'three',
    });
    // A file manager's file beside the set's folder is no set.
    await writeFile(join(folder, 'lidarseg/.DS_Store'), '');
    (await get(openSubmission(folder, dataset))).close();
    // The devkit's own check wants the five words and no other.
    const meta = join(folder, 'val/submission.json');
    await editText(meta, (text) => text.replace('"use_map"', '"task": "panoptic", "use_map"'));
    expect(await failure(openSubmission(folder, dataset))).toMatchObject({
      code: 'malformed',
      field: 'meta',
    });
  });

  it('is told from a damaged zip', async () => {
    const { dataset, folder } = await open();
    const zip = join(await scratch(), 'damaged.zip');
    const content = await contentOf(folder);
    const attempt = async (): Promise<unknown> => {
      const opened = await openSubmission(zip, dataset)();
      if (opened._tag === 'Left') return opened.left;
      try {
        const scores = await scoreSubmission(opened.right, dataset)();
        return scores._tag === 'Left' ? scores.left : scores.right;
      } finally {
        opened.right.close();
      }
    };
    await writeFile(zip, 'no zip at all, but longer than the record at the end of one');
    expect(await attempt()).toMatchObject({ code: 'malformed' });
    await writeZip(zip, [...content, content[0]]);
    expect(await attempt()).toMatchObject({ code: 'malformed', found: 'twice in the zip' });
    await writeZip(zip, [...content, ['../outside.label', new Uint8Array(4)]]);
    expect(await attempt()).toMatchObject({ code: 'malformed' });
    await writeZip(zip, content);
    const { length } = new Uint8Array((await contentOf(join(zip, '..')))[0][1]);
    // A bit of every 37th byte: an error or, where it does not matter (dates, ...), the right result.
    const whole = new Uint8Array((await contentOf(join(zip, '..')))[0][1]);
    const right = JSON.stringify(await attempt());
    for (let at = 0; at < length; at += 37) {
      const bytes = whole.slice();
      bytes[at] ^= 1 << (at % 8);
      await writeFile(zip, bytes);
      const found = await attempt();
      if (JSON.stringify(found) !== right) expect(found).toMatchObject({ _tag: 'DataError' });
    }
    expect(await failure(openSubmission(join(folder, 'nowhere'), dataset))).toMatchObject({
      code: 'missing-file',
    });
  });
});

describe('a multi-scan submission', () => {
  it('keeps moving classes and instances', async () => {
    const root = await scratch();
    const folder = await scratch();
    await get(writeSemanticKitti(root, [sceneRecord('08', 1, kittiClasses, [])]));
    const dataset = await get(openSemanticKitti({ root, task: 'multi-scan' }));
    const classes = Uint8Array.from({ length: 50 }, (_, i) => i % 26);
    const instances = Uint16Array.from({ length: 50 }, (_, i) => i * 1000);
    await get(
      writeSemanticKittiPrediction(folder, dataset.frame(0), classes, { task: 'multi-scan', instances }),
    );
    const submission = await get(openSubmission(folder, dataset));
    expect(await get(submission.prediction(dataset.frame(0), 50))).toEqual(classes);
    expect((await get(scoreSubmission(submission, dataset))).confusion.numClasses).toBe(
      semanticKittiMultiScanLabelSpace.names.length,
    );
  });
});

describe('a nuScenes submission', () => {
  it('says which inputs it used', async () => {
    const { dataset, folder } = await openNuscenes();
    expect(await get(openSubmission(folder, dataset))).toMatchObject({
      evaluationSet: 'val',
      meta: { use_lidar: true, use_camera: false },
    });
    const meta = join(folder, 'val/submission.json');
    for (const text of ['{', '[]', '{"meta":{"use_lidar":1}}']) {
      await writeFile(meta, text);
      expect(await failure(openSubmission(folder, dataset))).toMatchObject({
        code: 'malformed',
        source: `${folder}: val/submission.json`,
      });
    }
    await rm(meta);
    expect(await failure(openSubmission(folder, dataset))).toMatchObject({ code: 'missing-file' });
    expect(await failure(openSubmission(folder, dataset, { evaluationSet: '../val' }))).toMatchObject({
      code: 'mismatch',
    });
    expect(await failure(openSubmission(await scratch(), dataset))).toMatchObject({
      code: 'missing-file',
      field: 'lidarseg/',
    });
  });

  it('is not written outside of its folder', async () => {
    const folder = await scratch();
    const classes = Uint8Array.of(1);
    for (const lidarToken of ['../../evil', 'a/b', '', '.'])
      expect(
        await failure(writeNuScenesPrediction(folder, 'val', { id: 's', lidarToken }, classes)),
      ).toMatchObject({ code: 'mismatch' });
    for (const id of ['../00/000000', '00/../1', '00', '00/000000/1'])
      expect(await failure(writeSemanticKittiPrediction(folder, { id }, classes))).toMatchObject({
        code: 'mismatch',
      });
  });
});
