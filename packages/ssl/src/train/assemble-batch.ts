import { type Network, planScans, type ScanPlan } from '@nerfseg/backbone';
import type { PreparedScan } from '@nerfseg/datasets';
import type { CylindricalGrid, Random } from '@nerfseg/geometry';
import { concatSamples, marchRays, type RaySamples, returnWindow, transformRays } from '@nerfseg/render';
import { joinBytes, joinFloats } from '../data/join.js';
import { rayLimits } from '../rays/render-view.js';
import { returnRays } from '../rays/return-rays.js';
import { scanIndices } from '../rays/scan-levels.js';
import { silentRays } from '../rays/silent-rays.js';
import type { LabelledView } from '../teacher/label-view.js';
import type { TrainSettings } from './settings.js';
import type { StepBatch, SupervisedRays } from './step-loss.js';

/** One scan of a step, and what the teacher said of it. */
export interface StepScan {
  readonly prepared: PreparedScan;
  readonly labelled: boolean;
  readonly views: readonly LabelledView[];
  /** [V] voxel pseudo-labels, where the method makes them. */
  readonly pseudoVoxels?: Uint8Array;
}

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
  student: Network,
  grid: CylindricalGrid,
  settings: TrainSettings,
  classWeights: Float32Array,
  random: Random,
): StepBatch {
  const plan = planScans(
    scans.map(({ prepared }) => prepared.scan),
    student.config,
  );
  const pseudoVoxels = scans.some((scan) => scan.pseudoVoxels)
    ? joinBytes(
        scans.map(({ pseudoVoxels: voxels, prepared }) => voxels ?? new Uint8Array(prepared.labels.length)),
      )
    : undefined;
  return {
    plan,
    labels: joinBytes(scans.map(({ prepared }) => prepared.labels)),
    classWeights,
    ...(pseudoVoxels ? { pseudoVoxels } : {}),
    ...(settings.method === 'nerf' ? { rays: allRays(scans, plan, grid, settings, random) } : {}),
  };
}

function allRays(
  scans: readonly StepScan[],
  plan: ScanPlan,
  grid: CylindricalGrid,
  settings: TrainSettings,
  random: Random,
): SupervisedRays {
  const groups: RayGroup[] = [];
  for (const [index, { prepared, labelled, views }] of scans.entries()) {
    const levels = scanIndices(plan.levels, index, grid);
    const march = { samples: settings.samplesPerRay, jitter: random.fork(`jitter ${index}`) };
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
      prepared.positionsBefore,
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
