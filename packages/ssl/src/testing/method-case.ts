import {
  type Averageable,
  cylinder3dConfig,
  namedGradients,
  planScans,
  type ScanPlan,
} from '@nerfseg/backbone';
import { prepareScan } from '@nerfseg/datasets';
import { createRandom } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import { classWeights } from '../losses/class-weights.js';
import type { MethodName } from '../methods/method-names.js';
import { methods } from '../methods/methods.js';
import { assembleBatch } from '../train/assemble-batch.js';
import { createSession } from '../train/create-session.js';
import { batchDrawer } from '../train/draw-scans.js';
import { rampUp } from '../train/ramp-up.js';
import { disposeSession, type Session } from '../train/session.js';
import { type TrainSettings, trainSettings } from '../train/settings.js';
import type { StepBatch } from '../train/step-batch.js';
import { stepLoss } from '../train/step-loss.js';
import type { StepScan } from '../train/step-scan.js';
import { startStopwatch } from '../train/stopwatch.js';
import { tinyDataset, tinyGrid, unwrap } from './tiny-dataset.js';

/** One step of a method on the tiny world, everything drawn from fixed seeds: what PyTorch computes again. */
export interface MethodCase {
  readonly session: Session;
  readonly settings: TrainSettings;
  readonly scans: readonly StepScan[];
  readonly batch: StepBatch;
  readonly ramp: number;
  /** The plain scans over which self-training balances the classes. */
  readonly roundPlans: readonly ScanPlan[];
}

/** Step 5 of 8: pseudo-labels count by 0.73, and the second round of self-training begins. */
const step = 5;

export const caseSettings = (method: MethodName): TrainSettings =>
  trainSettings.parse({
    method,
    steps: 8,
    pseudoStart: 0.25,
    pseudoRamp: 0.5,
    lidarRays: 32,
    raysPerCamera: 64,
    samplesPerRay: 12,
    cameras: 1,
    headWidth: 8,
    confidentEntropy: 1,
    segmentEntropy: 1,
    minOpacity: 0,
    // Of networks that have learnt nothing: a quarter of the voxels pass.
    pseudoThreshold: 0.265,
    mixAreas: [4],
    selfTrainingRounds: 2,
    // The tiny world's frames are a microsecond apart.
    viewGap: 0,
    // The paper's own, which the stored steps were made with.
    labelledPerStep: 1,
    nerfWeight: 0.5,
    pseudoWeight: 1,
    pseudoPointWeight: 1,
    pseudoConflict: 'mask',
    stopDensityGradient: false,
  });

/** Moves every variable off its starting value, so that no norm is the identity and no weight zero. */
function stir({ trainable, statistics = {} }: Averageable, seed: string): void {
  const random = createRandom(seed);
  for (const [name, variable] of Object.entries({ ...trainable, ...statistics })) {
    const moved = Float32Array.from(variable.dataSync(), (value) =>
      name.endsWith('.variance') ? value * (0.5 + random.next()) : value + 0.1 * random.normal(),
    );
    tf.tidy(() => variable.assign(tf.tensor(moved, variable.shape)));
  }
}

export async function methodCase(method: MethodName): Promise<MethodCase> {
  const { dataset, masks } = tinyDataset(4);
  const network = cylinder3dConfig({ numClasses: 4, width: 2, pointWidths: [8, 8], voxelInputChannels: 4 });
  const settings = caseSettings(method);
  const session = createSession(network, settings, createRandom('session'));
  const { student, averaged, heads, peer } = session;
  for (const [name, part] of Object.entries({
    student,
    averaged,
    peer,
    head: heads?.student,
    averagedHead: heads?.averaged,
  }))
    if (part) stir(part, name);
  const unlabelled = [2, 3];
  const random = createRandom('case');
  const options = { dataset, masks, labelled: [0, 1], unlabelled, grid: tinyGrid, network, settings, random };
  const drawer = batchDrawer(options, session, step, startStopwatch());
  const scans = unwrap(await drawer.next(step, random.fork('step')));
  await drawer.close();
  const weights = classWeights([0, 900, 300, 40], settings.classBalance);
  const batch = assembleBatch(scans, session, tinyGrid, settings, weights, random.fork('rays'));
  const roundPlans: ScanPlan[] = [];
  for (const index of unlabelled) {
    const prepared = unwrap(
      await prepareScan(dataset.frame(index), {
        grid: tinyGrid,
        numClasses: 4,
        labelled: false,
        ignoreVotes: false,
      })(),
    );
    roundPlans.push(planScans([prepared.scan], network));
  }
  const ramp = rampUp(step / settings.steps, settings.pseudoStart, settings.pseudoRamp);
  return { session, settings, scans, batch, ramp, roundPlans };
}

/** The loss, its terms, and the gradient of every parameter that it reaches, as host data. */
export async function caseGradients({ session, settings, batch, ramp }: MethodCase): Promise<{
  readonly losses: Record<string, number>;
  readonly gradients: Record<string, Float32Array>;
}> {
  const parts = new Map<string, tf.Scalar>();
  const collect = { student: new Map(), peer: new Map() };
  const { terms } = methods[settings.method];
  const { value, gradients } = tf.tidy(() =>
    namedGradients(session.parameters, () => stepLoss(session, batch, terms, settings, ramp, collect, parts)),
  );
  const losses = { total: value, ...Object.fromEntries(parts) };
  const host = async (tensors: Record<string, tf.Tensor>): Promise<[string, Float32Array][]> =>
    Promise.all(
      Object.entries(tensors).map(async ([name, x]) => [name, new Float32Array(await x.data())] as const),
    ) as Promise<[string, Float32Array][]>;
  return {
    losses: Object.fromEntries((await host(losses)).map(([name, [one]]) => [name, one!])),
    gradients: Object.fromEntries(await host(gradients)),
  };
}

export const disposeCase = ({ session }: MethodCase): void => disposeSession(session);
