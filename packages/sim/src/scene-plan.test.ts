import { describe, expect, it } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import { type SimulationOptions, simulationConfig } from './config.js';
import { type PlannedScene, planSequences } from './scene-plan.js';

const planned = (options: SimulationOptions): readonly (readonly PlannedScene[])[] => {
  const config = simulationConfig(options);
  if (isLeft(config)) throw new Error('no configuration');
  return planSequences(config.right).map(({ scenes }) => scenes);
};

describe('planSequences', () => {
  it('drives begin 1000 s apart, validation much later', () => {
    const starts = (options: SimulationOptions) =>
      planned(options).map((scenes) => scenes.map(({ start }) => start));
    expect(starts({ format: 'nuscenes', scenes: { train: 2, val: 2 } })).toEqual(
      [0, 1e9, 1e12, 1e12 + 1e9].map((later) => [1.5e15 + later]),
    );
    expect(starts({ format: 'semantickitti', scenes: { train: 12, val: 0 } }).slice(0, 3)).toEqual([
      [0, 1e9],
      [0, 1e9],
      [0],
    ]);
  });

  it.each(['nuscenes', 'semantickitti'] as const)('%s: long drives do not run into one another', (format) => {
    const long = { framesPerScene: 10_000, frameSpacing: 0.5, scenes: { train: 400, val: 20 } };
    const end = ({ start }: PlannedScene): number => start + 10_000 * 0.5e6;
    const all = planned({ format, ...long });
    // In the nuScenes format files of all scenes lie in one folder, named by their times.
    for (const scenes of format === 'nuscenes' ? [all.flat()] : all)
      for (const [i, scene] of scenes.slice(1).entries()) expect(scene.start).toBeGreaterThan(end(scenes[i]));
  });
});
