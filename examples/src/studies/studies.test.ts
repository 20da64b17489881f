import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nuscenesLabelSpace, semanticKittiLabelSpace } from '@nerfseg/datasets';
import { encodeRuns, segmentMasks } from '@nerfseg/pseudolabel';
import { maskTables, writeMaskResult } from '../masks/mask-results.js';
import { measureMasks } from '../masks/measure-masks.js';
import { simulatedPictures } from '../masks/pictures.js';
import { calibration } from '../masks/settings.js';
import { emptyTally, tallyMasks } from '../masks/tally-masks.js';
import type { Context } from '../runner/context.js';
import { mergedClasses } from '../runner/merged-classes.js';
import { hasResult, readResults, writeResult } from '../runner/results.js';
import { trainingCost } from '../runner/run-cost.js';
import { runOne, withTrained } from '../runner/run-one.js';
import { sharedClasses } from '../runner/shared-classes.js';
import { type RunSpec, runId, trainedAs } from '../runner/spec.js';
import { bridges } from './bridge-labels.js';
import { conflictFile, conflictTable } from './conflicts-table.js';
import { addConflicts, countConflicts, noConflicts } from './count-conflicts.js';
import { studies } from './index.js';
import { labelQualityFile, labelQualityTable } from './label-quality-table.js';
import { measureLabelQuality } from './measure-label-quality.js';
import { measureParallax } from './measure-parallax.js';
import { measureRendering } from './measure-rendering.js';
import { inOrderOfValue } from './order.js';
import { groups, parallaxTable } from './parallax-table.js';
import { displacements } from './parallax-worlds.js';
import { regime } from './regime.js';
import { byOriginAndNamer, origins, renderingFile, renderingTable } from './rendering-table.js';

describe('sharedClasses', () => {
  it('has every shared class in both data sets, and in the benchmark of both', () => {
    for (const own of [nuscenesLabelSpace, semanticKittiLabelSpace]) {
      for (const space of [own, mergedClasses(own).labelSpace]) {
        const { classOf, labelSpace } = sharedClasses(space);
        expect(classOf[0]).toBe(0);
        expect([...new Set(classOf)].sort()).toEqual(labelSpace.names.map((_, id) => id));
      }
    }
  });

  it("translates as DGLSS's table does", () => {
    const of = (own: typeof nuscenesLabelSpace, name: string): string => {
      const { classOf, labelSpace } = sharedClasses(own);
      return labelSpace.names[classOf[own.names.indexOf(name)]!]!;
    };
    expect(of(nuscenesLabelSpace, 'bus')).toBe('large_vehicle');
    expect(of(nuscenesLabelSpace, 'other_flat')).toBe('ignore');
    expect(of(nuscenesLabelSpace, 'traffic_cone')).toBe('ignore');
    expect(of(semanticKittiLabelSpace, 'parking')).toBe('driveable_surface');
    expect(of(semanticKittiLabelSpace, 'trunk')).toBe('vegetation');
    expect(of(semanticKittiLabelSpace, 'bicyclist')).toBe('ignore');
    expect(of(semanticKittiLabelSpace, 'other-ground')).toBe('ignore');
  });
});

describe('inOrderOfValue', () => {
  it('asks for the regime first, then for the aims, and leaves no run of a study out', () => {
    const { first, rest } = inOrderOfValue([0, 1, 2], true);
    expect(first.slice(0, 3).map(runId)).toEqual(regime.runs([0]).map(runId));
    expect(first.slice(3, 6).map(runId)).toEqual([
      'nuscenes-like.1.supervised.0',
      'nuscenes-like.1.nerf.0',
      'nuscenes-like.1.mean-teacher.0',
    ]);
    const all = new Set([...first, ...rest].map(runId));
    for (const study of studies)
      for (const spec of study.runs([0, 1, 2], study.name === 'kitti' ? 'semantickitti' : undefined))
        expect(all).toContain(runId(spec));
    const known = new Set(first.map(runId));
    expect(rest.some((spec) => known.has(runId(spec)))).toBe(false);
  });
});

describe('trainedAs', () => {
  it('forgets where a run is scored, and nothing else', () => {
    const spec: RunSpec = { method: 'nerf', dataset: 'a', fraction: 1, seed: 0, width: 4 };
    const elsewhere = { scoredOn: 'tune', scoredWorld: 'b', scoredOver: 'shared' } as const;
    expect(runId(trainedAs({ ...spec, ...elsewhere }))).toBe(runId(spec));
  });
});

describe('tallyMasks', () => {
  it('counts what a vote in every mask would make right', () => {
    // Columns 0 to 3 are one mask, 4 and 5 another, 6 and 7 none.
    const columns = (...ids: number[]) =>
      encodeRuns(Uint8Array.from({ length: 8 }, (_, x) => +ids.includes(x)));
    const masks = segmentMasks(8, 1, [columns(0, 1, 2, 3), columns(4, 5)], new Float32Array(2).fill(1));
    const seen = {
      pixels: Int32Array.from([0, 1, 2, 3, 4, 5, 6, 7].flatMap((x) => [x, 0])),
      labels: Uint8Array.of(1, 1, 2, 0, 2, 2, 1, 0),
    };
    expect(tallyMasks(emptyTally(3), masks, seen)).toEqual({
      pictures: 1,
      masks: 2,
      seenMasks: 2,
      labelled: [0, 3, 3],
      covered: [0, 2, 3],
      right: [0, 2, 2],
    });
  });
});

describe('studies at the tiny size', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nerfseg-studies-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const context = (): Context => ({
    work: join(folder, 'work'),
    results: join(folder, 'results'),
    engine: 'auto',
    command: 'test',
    readAhead: false,
    signal: new AbortController().signal,
    note: () => {},
  });
  const tiny: RunSpec = { method: 'nerf', dataset: 'tiny', fraction: 50, seed: 0 };

  it('parallax scores one network on displaced cameras, what moves apart from what stands', async () => {
    const displacement = displacements.find(({ name }) => name === '1.5 m aside')!;
    const { quality, frames } = await withTrained(tiny, context(), (trained) =>
      // A network of three steps is sure of nothing.
      measureParallax(
        displacement,
        0,
        { ...trained, plan: { ...trained.plan, settings: { ...trained.plan.settings, ...anything } } },
        context(),
        'tiny',
      ),
    );
    expect(frames).toBe(1);
    for (const bridge of bridges)
      for (const group of groups) {
        const { seen, labelled, right } = quality[bridge][group];
        expect(right).toBeLessThanOrEqual(labelled);
        expect(labelled).toBeLessThanOrEqual(seen);
      }
    expect(quality.teacher.all.labelled).toBe(quality.teacher.all.seen);
    expect(quality.projection.all.labelled).toBeGreaterThan(20);
    const table = parallaxTable(join(folder, 'results'));
    expect(table).toContain('| 1.5 m aside (1), thin |');
    expect(table).toContain('| 1.5 m aside (1), moving |');
  }, 300000);

  it('rendering looks along rays whose end is known, from the scanner and from cameras', async () => {
    const quality = await withTrained(tiny, context(), (trained) => measureRendering(trained, 1));
    for (const origin of origins) {
      const { voxels, ...ways } = quality[origin];
      expect(voxels.rays).toBeGreaterThan(20);
      for (const { rays, right, depthError } of Object.values(ways)) {
        expect(rays).toBe(voxels.rays);
        expect(right).toBeLessThanOrEqual(rays);
        expect(depthError!.fifth).toBeGreaterThan(depthError!.median);
      }
    }
    const results = join(folder, 'pictures');
    expect(renderingTable(results)).toBe('');
    mkdirSync(results);
    for (const [seed, right] of [10, 30].entries())
      writeFileSync(
        renderingFile(results, 'finest voxels first', seed),
        JSON.stringify({
          learnt: 'finest voxels first',
          quality: byOriginAndNamer((_, namer) =>
            namer === 'evenly'
              ? { rays: 50, right: 5, depthError: { median: 1, fifth: 2 } }
              : {
                  ...{ rays: 50, right },
                  ...(namer === 'voxels' ? {} : { depthError: { median: 0.5 + seed, fifth: 2 } }),
                },
          ),
        }),
      );
    expect(renderingTable(results)).toContain(
      '| cameras, learnt with samples finest voxels first (2) | 40.0 | 10.0; 1.00, 2.00 | 40.0; 1.00, 2.00 |',
    );
  }, 300000);

  it('labels: stricter thresholds label less, lost masks too; one network for all', async () => {
    const variant = (name: string, run: object) => ({
      name,
      run: { method: 'nerf', dataset: 'tiny', fraction: 50, ...run } as const,
    });
    const quality = await withTrained(tiny, context(), (trained) =>
      measureLabelQuality(
        trained,
        tiny.seed,
        [
          variant('anything', { settings: anything }),
          variant('sure', { settings: { ...anything, confidentEntropy: 0.98, segmentEntropy: 0.98 } }),
          variant('nothing', { settings: { ...anything, confidentEntropy: 0 } }),
          variant('lost', { settings: anything, corruption: { drop: 1 } }),
        ],
        1,
        context(),
      ),
    );
    const { anything: most, sure, nothing, lost } = quality;
    expect(most!.all.labelled).toBeGreaterThan(20);
    expect(sure!.all.labelled).toBeLessThan(most!.all.labelled);
    expect(nothing!.all.labelled).toBe(0);
    expect(lost!.all.labelled).toBe(0);
    for (const { all, thin } of Object.values(quality)) {
      expect(all.seen).toBe(most!.all.seen);
      expect(all.right).toBeLessThanOrEqual(all.labelled);
      expect(thin.seen).toBeLessThan(all.seen);
    }
    const results = join(folder, 'labels');
    expect(labelQualityTable(results)).toBe('');
    mkdirSync(results);
    for (const [seed, right] of [10, 30].entries()) {
      const all = { seen: 100, labelled: 50, right };
      const thin = { seen: 10, labelled: 0, right: 0 };
      writeFileSync(labelQualityFile(results, seed), JSON.stringify({ quality: { usual: { all, thin } } }));
    }
    expect(labelQualityTable(results)).toContain('| usual (2) | 40.0 | 50.0 | - | 0.0 |');
  }, 300000);

  it('conflicts: who is right where masks and points contradict each other', async () => {
    const counted = await withTrained(tiny, context(), (trained) =>
      countConflicts(
        { ...trained, plan: { ...trained.plan, settings: { ...trained.plan.settings, ...anything } } },
        { dataset: trained.data.dataset, frames: [0] },
      ),
    );
    // A network of three steps gives all points one class, and masks that of their points.
    expect(counted).toEqual({ ...noConflicts(), labelled: counted.labelled });
    expect(counted.labelled).toBeGreaterThan(20);
    addConflicts(counted, {
      truth: Uint8Array.of(1, 1, 1, 0, 1, 3, 2),
      ofMask: Uint8Array.of(1, 2, 0, 1, 1, 1, 2),
      ofPoint: Uint8Array.of(1, 1, 1, 2, 2, 2, 1),
      entropy: Float32Array.of(0.1, 0.01, 0.1, 0.1, 0.3, 0.1, Number.NaN),
      confidentEntropy: 0.35,
    });
    expect(counted.verySure).toEqual({ points: 1, maskRight: 0, pointRight: 1 });
    expect(counted.sure).toEqual({ points: 2, maskRight: 1, pointRight: 0 });
    const results = join(folder, 'conflicts');
    expect(conflictTable(results)).toBe('');
    mkdirSync(results);
    for (const [seed, right] of [2, 4].entries()) {
      const found = {
        dataset: 'some',
        labelled: 50,
        verySure: { points: 5, maskRight: 0, pointRight: 5 },
        sure: { points: 5, maskRight: right, pointRight: 1 },
      };
      writeFileSync(conflictFile(results, 'some', seed), JSON.stringify(found));
    }
    expect(conflictTable(results)).toContain(
      '| some (2) | 100 | 20.0 | 30.0, 60.0 of 20 | 0.0, 100.0 of 10 |',
    );
  }, 300000);

  it('a network is scored a second time without being trained again', async () => {
    const elsewhere: RunSpec = { ...tiny, scoredOver: 'shared' };
    const result = await runOne(elsewhere, context());
    expect(Object.keys(result.perClass)).toHaveLength(8);
    expect(result.pointMiou).toBeLessThanOrEqual(1);
    expect(hasResult(join(folder, 'results'), elsewhere)).toBe(true);
    expect(readResults(join(folder, 'results'))[0]).toMatchObject(elsewhere);
    expect(readdirSync(join(folder, 'work', 'runs'))).toEqual([runId(tiny)]);
    // Results may outlive networks.
    const results = join(folder, 'slow');
    mkdirSync(results);
    await writeResult(results, { ...result, seconds: 30 });
    expect(trainingCost(tiny, { ...context(), results })).toBe(0);
    expect(trainingCost(tiny, { ...context(), results, work: join(folder, 'another') })).toBe(30);
  }, 300000);

  it('masks: what stands in for Segment-Anything is measured as that is', async () => {
    const pictures = await simulatedPictures('tiny', context());
    const spoilt = calibration.filter(({ corruption }) => corruption);
    const found = [];
    for (const setting of spoilt) {
      const result = await measureMasks(setting, { ...pictures, name: 'nuscenes-like' }, context());
      found.push(result!);
      await writeMaskResult(join(folder, 'results'), result!);
    }
    const perfect = found.find(({ setting }) => setting === 'truth, perfect')!;
    for (const [labelled, covered, right] of Object.values(perfect.points)) {
      expect(covered).toBe(labelled);
      expect(right).toBeLessThanOrEqual(covered);
    }
    expect(maskTables(join(folder, 'results'))).toContain('| truth, half of the segments lost |');
  }, 300000);
});

const anything = { confidentEntropy: 1, segmentEntropy: 1, minOpacity: 0, minCoverage: 0 };
