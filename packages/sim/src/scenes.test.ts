import { describe, expect, it } from '@jest/globals';
import { cameraFromLidarChain, createRandom, projectPoints } from '@nerfseg/geometry';
import { type SimulationConfig, type SimulationOptions, simulationConfig } from './config.js';
import { semanticId } from './semantics.js';
import { classTableOf, egoFromLidarOf, type SimulatedFrame, simulateScene } from './simulate-scene.js';
import { conditions } from './world/conditions.js';
import { worldKinds } from './world/street-profile.js';
import { createWorld, type World } from './world/world.js';

const configure = (options: SimulationOptions): SimulationConfig => {
  const config = simulationConfig(options);
  if (config._tag === 'Left') throw new Error(JSON.stringify(config.left));
  return config.right;
};

/** Nine scenes: every kind of place, weather and light. */
const worlds: readonly World[] = Array.from({ length: 9 }, (_, i) =>
  createWorld(
    {
      kind: worldKinds[i % 3],
      condition: i < 4 ? 'clear' : conditions[i - 3],
      seconds: 2.5,
      effort: 'quick',
    },
    createRandom('scenes').fork(`${i}`),
  ),
);

const framesOf = async (world: World, config: SimulationConfig): Promise<SimulatedFrame[]> => {
  const frames: SimulatedFrame[] = [];
  for await (const frame of simulateScene(world, config, createRandom(1))) frames.push(frame);
  return frames;
};

const sweeps: Omit<SimulationOptions, 'format'> = {
  framesPerScene: 2,
  frameSpacing: 2,
  cameras: [],
  lidar: { azimuthSteps: 240 },
};

describe('the scenes together', () => {
  it.each([
    ['nuscenes', 16, 14],
    ['semantickitti', 19, 15],
  ] as const)('%s: nearly all classes occur, in many scenes', async (format, classes, least) => {
    const config = configure({ ...sweeps, format });
    const scenesWith = new Array<number>(classes + 1).fill(0);
    for (const world of worlds) {
      const counts = new Array<number>(classes + 1).fill(0);
      for (const { record } of await framesOf(world, config))
        for (const label of record.labels ?? []) counts[label]++;
      counts.forEach((count, id) => {
        if (count >= 3) scenesWith[id]++;
      });
    }
    const common = scenesWith.slice(1).filter((scenes) => scenes >= 3);
    expect(common.length).toBeGreaterThanOrEqual(least);
    expect(scenesWith.slice(1).filter((scenes) => scenes > 0).length).toBe(classes);
  });

  it('differ: what was learnt by heart of some is wrong in others', async () => {
    // The most frequent class of every half metre around the car, over the sweeps of six scenes.
    const config = configure({ ...sweeps, format: 'nuscenes' });
    const cellOf = (p: Float32Array, i: number): string =>
      [0, 1, 2].map((k) => Math.floor(p[i * 3 + k] / 0.5)).join(' ');
    const votes = new Map<string, Map<number, number>>();
    const all = await Promise.all(worlds.slice(0, 6).map((world) => framesOf(world, config)));
    const known = all.filter((_, i) => i < 3).flat();
    const others = all.filter((_, i) => i >= 3).flat();
    for (const { record } of known) {
      record.labels?.forEach((label, i) => {
        const cell = cellOf(record.points.positions, i);
        const vote = votes.get(cell) ?? new Map<number, number>();
        vote.set(label, (vote.get(label) ?? 0) + 1);
        votes.set(cell, vote);
      });
    }
    const byHeart = (cell: string): number =>
      [...(votes.get(cell) ?? [])].reduce((best, vote) => (vote[1] > best[1] ? vote : best), [0, 0])[0];
    const score = (frames: readonly SimulatedFrame[]): number => {
      const hits = new Float64Array(17);
      const either = new Float64Array(17);
      for (const { record } of frames)
        record.labels?.forEach((label, i) => {
          const guess = byHeart(cellOf(record.points.positions, i));
          either[label]++;
          if (guess === label) hits[label]++;
          else either[guess]++;
        });
      const present = [...either.keys()].slice(1).filter((id) => either[id] > 0);
      return present.reduce((sum, id) => sum + hits[id] / either[id], 0) / present.length;
    };
    const [seen, unseen] = [score(known), score(others)];
    if (process.env.NERFSEG_SHOW)
      console.log(`by heart: mIoU ${seen.toFixed(3)} seen, ${unseen.toFixed(3)} unseen`);
    expect(seen).toBeGreaterThan(0.7);
    expect(unseen).toBeLessThan(0.25);
  });

  it.each(['nuscenes', 'semantickitti'] as const)(
    '%s: points and pixels agree on what they hit',
    async (format) => {
      const config = configure({
        ...sweeps,
        format,
        framesPerScene: 1,
        cameras: [format === 'nuscenes' ? 'CAM_FRONT' : 'image_2'],
        supersampling: 0,
        imageSize: { width: 320, height: format === 'nuscenes' ? 180 : 98 },
      });
      const classOf = classTableOf(format);
      let agree = 0;
      let compared = 0;
      for (const world of worlds.slice(4)) {
        for (const { record, sweep, truth } of await framesOf(world, config)) {
          record.cameras.forEach((camera, c) => {
            const cameraFromLidar = cameraFromLidarChain({
              egoFromCamera: camera.egoFromCamera,
              globalFromEgoAtCamera: camera.globalFromEgoAtCamera,
              globalFromEgoAtLidar: record.globalFromEgo,
              egoFromLidar: egoFromLidarOf(config),
            });
            const { u, v, depth, visible } = projectPoints(record.points.positions, cameraFromLidar, camera);
            for (let p = 0; p < depth.length; p++) {
              if (!visible[p] || sweep.semantic[p] === semanticId.droplet) continue;
              const at = Math.floor(v[p]) * camera.width + Math.floor(u[p]);
              // What stands nearer than the point hides it: the camera is elsewhere.
              if (truth[c].depth[at] < depth[p] * 0.95 - 0.3) continue;
              compared++;
              if (classOf[truth[c].semantic[at]] === classOf[sweep.semantic[p]]) agree++;
            }
          });
        }
      }
      if (process.env.NERFSEG_SHOW)
        console.log(`${format}: ${agree} of ${compared} agree, ${(agree / compared).toFixed(4)}`);
      expect(compared).toBeGreaterThan(2000);
      expect(agree / compared).toBeGreaterThan(0.95);
    },
  );
});

describe('weather and light', () => {
  const sweepIn = async (condition: World['condition']) => {
    const world = createWorld({ kind: 'country', condition, seconds: 1, effort: 'quick' }, createRandom(8));
    const config = configure({
      format: 'nuscenes',
      framesPerScene: 1,
      cameras: ['CAM_FRONT'],
      imageSize: { width: 96, height: 54 },
      lidar: { azimuthSteps: 360 },
    });
    const [frame] = await framesOf(world, config);
    const { data } = frame.record.cameras[0].image;
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const contrast = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
    const { semantic, points } = frame.sweep;
    const drops = semantic.filter((id) => id === semanticId.droplet).length / semantic.length;
    const road = [...semantic.keys()].filter((i) => semantic[i] === semanticId.road);
    const roadIntensity = road.reduce((sum, i) => sum + points.intensity[i], 0) / road.length;
    const ranges = [...semantic.keys()].map((i) =>
      Math.hypot(...points.positions.subarray(i * 3, i * 3 + 3)),
    );
    return { mean, contrast, drops, roadIntensity, far: ranges.filter((range) => range > 40).length };
  };

  it('changes pictures and returns as it does in the world', async () => {
    const [clear, rain, fog, night] = [
      await sweepIn('clear'),
      await sweepIn('rain'),
      await sweepIn('fog'),
      await sweepIn('night'),
    ];
    expect(night.mean).toBeLessThan(0.4 * clear.mean);
    expect(fog.contrast).toBeLessThan(0.8 * clear.contrast);
    expect(clear.drops).toBe(0);
    expect(rain.drops).toBeGreaterThan(0.001);
    expect(fog.drops).toBeGreaterThan(0.02);
    expect(fog.far).toBeLessThan(0.8 * clear.far);
    expect(rain.roadIntensity).toBeLessThan(0.8 * clear.roadIntensity);
    // The scanner brings its own light.
    expect(night.far).toBe(clear.far);
  });
});

describe('ranges', () => {
  it.each([50, 100, 200])('the world reaches as far as a scanner of %d m', async (range) => {
    const config = configure({
      format: 'semantickitti',
      framesPerScene: 1,
      cameras: [],
      lidar: { model: 'vlp16', range, azimuthSteps: 600 },
    });
    const world = createWorld(
      { kind: 'suburb', condition: 'clear', seconds: 1, reach: range + 5, effort: 'quick' },
      createRandom(4),
    );
    const [{ sweep }] = await framesOf(world, config);
    const { positions, ring } = sweep.points;
    const ranges = [...sweep.semantic.keys()].map((i) => Math.hypot(...positions.subarray(i * 3, i * 3 + 3)));
    expect(Math.max(...(ring ?? []))).toBe(15);
    expect(Math.max(...ranges)).toBeLessThan(range + 0.2);
    // Things, not only the plain, up to the last fifth.
    const things = ranges.filter((r, i) => r > 0.8 * range && sweep.semantic[i] !== semanticId.terrain);
    expect(things.length).toBeGreaterThan(5);
  });
});
