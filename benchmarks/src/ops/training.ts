import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { measure, type OpsBench } from './measure.js';
import { benchmarkScan, coarseShape } from './scan.js';
import { createTrainStep, usualStep } from './train-step.js';

/** The two scans of the step, in the coarse grid. */
export const stepScans = (realData: string | undefined) =>
  [benchmarkScan(realData, coarseShape, 0), benchmarkScan(realData, coarseShape, 3)] as const;

const memoryScript = fileURLToPath(new URL('./train-step-memory.js', import.meta.url));

/** A semi-supervised training step: time, and the peak memory of a process that does nothing else. */
export const training = async (bench: OpsBench): Promise<void> => {
  const step = createTrainStep(stepScans(bench.context.realData), usualStep);
  const torch = await bench.torch?.another();
  let note = '';
  if (torch) {
    await step.send(torch);
    const [ours, theirs] = [await step.run(), (await torch.result('step')).sum];
    if (!(Math.abs(ours - theirs) < 2e-3))
      throw new Error(`training step: loss ${ours}, the peer's ${theirs}`);
    note = `first loss ${ours.toFixed(4)} and ${theirs.toFixed(4)}`;
  }
  await measure(
    { ...bench, torch },
    {
      name: 'semi-supervised training step: 2 scans, 2 x 1,024 rays x 64 samples, C=16, 240x180x20',
      ours: step.run,
      ...(torch ? { peer: 'step', note: () => note } : {}),
    },
  );
  const peak = Number(
    execFileSync(process.execPath, [memoryScript, bench.context.realData ?? ''], { encoding: 'utf8' }),
  );
  const theirs = await torch?.peakMemory();
  torch?.stop();
  bench.rows.push({
    name: 'the same step: peak memory of the process, MB (in place of ms)',
    ours: peak / 1e6,
    ...(theirs ? { peer: theirs / 1e6, ratio: theirs / peak, peerName: 'PyTorch' } : {}),
  });
};
