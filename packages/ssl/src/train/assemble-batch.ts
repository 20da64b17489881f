import { joinPlans, planScans, type ScanPlan } from '@nerfseg/backbone';
import { type CylindricalGrid, type Random, voxelLabels } from '@nerfseg/geometry';
import { concatSamples, marchRays, type RaySamples, returnWindow, transformRays } from '@nerfseg/render';
import { joinBytes, joinFloats } from '../data/join.js';
import { rayLimits } from '../rays/render-view.js';
import { returnRays } from '../rays/return-rays.js';
import { scanIndices } from '../rays/scan-levels.js';
import { silentRays } from '../rays/silent-rays.js';
import type { Session } from './session.js';
import type { TrainSettings } from './settings.js';
import type { StepBatch, SupervisedRays } from './step-batch.js';
import { type FrameScan, isFrameScan, type StepScan } from './step-scan.js';

interface RayGroup {
  readonly samples: RaySamples;
  readonly free: Uint8Array;
  readonly range: Float32Array;
  readonly classes: Uint8Array;
  readonly pseudoClasses: Uint8Array;
  readonly pseudoWeights: Float32Array;
}

/** Host data of one step: the plan of all scans, their labels, and (for methods that render) all their rays, marched. */
export function assembleBatch(
  scans: readonly StepScan[],
  { student, heads }: Session,
  grid: CylindricalGrid,
  settings: TrainSettings,
  classWeights: Float32Array,
  random: Random,
): StepBatch {
  const { config } = student;
  const frames = scans.filter(isFrameScan);
  if (scans.some((scan, i) => isFrameScan(scan) !== i < frames.length))
    throw new Error('assembleBatch: mixed scans come last');
  const plan = joinPlans(
    scans.map((scan) => (isFrameScan(scan) && scan.plan) || planScans([scan.prepared.scan], config)),
  );
  const rows = (of: (scan: StepScan) => Uint8Array | undefined): Uint8Array =>
    joinBytes(scans.map((scan) => of(scan) ?? new Uint8Array(scan.prepared.labels.length)));
  // A voxel takes its points' majority among those that have a pseudo-label.
  const pseudoVoxels = (scan: StepScan): Uint8Array | undefined =>
    isFrameScan(scan) && scan.pseudoPoints
      ? voxelLabels(scan.prepared.scan, scan.pseudoPoints, config.numClasses, { ignoreVotes: false })
      : undefined;
  return {
    plan,
    labels: rows((scan) => (hasTrueLabels(scan) ? scan.prepared.labels : undefined)),
    classWeights,
    ...(frames.some((scan) => scan.pseudoPoints) ? { pseudoVoxels: rows(pseudoVoxels) } : {}),
    ...(scans.some(isPartlyTaught)
      ? { mixedLabels: rows((scan) => (isPartlyTaught(scan) ? scan.prepared.labels : undefined)) }
      : {}),
    ...(frames.some((scan) => scan.target) ? { target: joinFloats(frames.map(targetOf)) } : {}),
    ...(heads
      ? {
          rays: allRays(
            frames,
            plan.levels.slice(0, heads.student.config.levelChannels.length),
            grid,
            settings,
            random,
          ),
        }
      : {}),
  };
}

const hasTrueLabels = (scan: StepScan): boolean =>
  isFrameScan(scan) ? scan.kind === 'labelled' : scan.labels === 'true';

const isPartlyTaught = (scan: StepScan): boolean => !isFrameScan(scan) && scan.labels === 'partly taught';

const targetOf = ({ target, prepared }: FrameScan): Float32Array => {
  if (!target) throw new Error(`assembleBatch: ${prepared.frame.id} has no target, other scans have`);
  return target;
};

function allRays(
  scans: readonly FrameScan[],
  rendered: ScanPlan['levels'],
  grid: CylindricalGrid,
  settings: TrainSettings,
  random: Random,
): SupervisedRays {
  const groups: RayGroup[] = [];
  for (const [index, { prepared, kind, views }] of scans.entries()) {
    const labelled = kind === 'labelled';
    const levels = scanIndices(rendered, index, grid);
    const { samplesPerRay: samples, finestFirst } = settings;
    const march = { samples, finestFirst, jitter: random.fork(`jitter ${index}`) };
    const returns = returnRays(prepared, settings.lidarRays, labelled, random.fork(`returns ${index}`));
    const count = returns.range.length;
    groups.push({
      // Beyond a return's window nothing is known: sampling ends there.
      samples: marchRays(returns.rays, grid, levels, {
        ...march,
        end: returns.range.map((r) => r + returnWindow(r)),
      }),
      range: returns.range,
      free: new Uint8Array(count),
      classes: returns.classes,
      pseudoClasses: new Uint8Array(count),
      pseudoWeights: new Float32Array(count),
    });
    const silent = silentRays(
      // A point that was dropped is no silence.
      prepared.sweepBefore ?? prepared.positionsBefore,
      prepared.augmentedFromLidar,
      settings.lidarRays >> 2,
      rayLimits(grid).far,
      random.fork(`silent ${index}`),
    );
    const silentCount = silent.origins.length / 3;
    groups.push({
      samples: marchRays(silent, grid, levels, march),
      range: new Float32Array(silentCount),
      free: new Uint8Array(silentCount).fill(1),
      classes: new Uint8Array(silentCount),
      pseudoClasses: new Uint8Array(silentCount),
      pseudoWeights: new Float32Array(silentCount),
    });
    for (const { rays, classes, weights } of views) {
      const moved = transformRays(rays, prepared.augmentedFromLidar).rays;
      groups.push({
        samples: marchRays(moved, grid, levels, march),
        range: new Float32Array(classes.length),
        free: new Uint8Array(classes.length),
        classes: new Uint8Array(classes.length),
        pseudoClasses: classes,
        pseudoWeights: weights,
      });
    }
  }
  return {
    samples: concatSamples(groups.map((group) => group.samples)),
    range: joinFloats(groups.map((group) => group.range)),
    free: joinBytes(groups.map((group) => group.free)),
    classes: joinBytes(groups.map((group) => group.classes)),
    pseudoClasses: joinBytes(groups.map((group) => group.pseudoClasses)),
    pseudoWeights: joinFloats(groups.map((group) => group.pseudoWeights)),
  };
}
