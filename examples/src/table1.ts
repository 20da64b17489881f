// Table 1 of arXiv 2411.02969 in small: mIoU by label fraction and method, from the same labels.
//
//   node examples/dist/table1.js [--data ROOT] [--fractions 5,10] [--methods METHODS]
//                                [--steps N] [--seeds 0,1] [--out FOLDER]
//
// METHODS may be any of supervised, mean-teacher, cbst, cps, lasermix, projection, nerf, nerf-lasermix.
// ROOT is a nuScenes folder with lidarseg; left out, a small one is simulated. Everything resumes: run it again after
// an interruption. Sizes are a laptop's; the paper's are --steps 80000 --width 16 --grid 240,180,20 on the real data.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cylinder3dConfig, disposeNetwork } from '@nerfseg/backbone';
import { type CameraView, labelFraction, openNuScenes, type Scores } from '@nerfseg/datasets';
import { createRandom, cylindricalGrid, type DataError, formatError } from '@nerfseg/geometry';
import { selectEngine } from '@nerfseg/ops';
import { cachedMasks, samMasks } from '@nerfseg/pseudolabel';
import { disposeNerfHead } from '@nerfseg/render';
import { simulateDataset } from '@nerfseg/sim';
import { evaluate, type MasksOf, publishedSettings, train, trainSettings } from '@nerfseg/ssl';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

const text = { type: 'string' } as const;
const { values: given } = parseArgs({
  options: {
    data: text,
    fractions: text,
    methods: text,
    steps: text,
    seeds: text,
    width: text,
    grid: text,
    out: text,
  },
});
const values = {
  data: given.data,
  fractions: given.fractions ?? '5,10',
  methods: given.methods ?? 'supervised,projection,nerf',
  steps: given.steps ?? '400',
  seeds: given.seeds ?? '0',
  width: given.width ?? '8',
  grid: given.grid ?? '120,120,16',
  out: given.out ?? 'table1',
};
const numbers = (list: string): number[] => list.split(',').map(Number);

const unwrap = async <A>(task: TE.TaskEither<DataError, A>): Promise<A> => {
  const result = await task();
  if (E.isRight(result)) return result.right;
  console.error(formatError(result.left));
  process.exit(1);
};

const engine = await selectEngine();
if (E.isRight(engine)) console.log(`engine: ${engine.right.name}`);
mkdirSync(values.out, { recursive: true });
const root = values.data ?? path.join(values.out, 'simulated');
if (values.data === undefined)
  await unwrap(
    simulateDataset({
      root,
      format: 'nuscenes',
      seed: 'table1',
      scenes: { train: 20, val: 6 },
      framesPerScene: 4,
      frameSpacing: 1.5,
      lidar: { azimuthSteps: 720 },
      imageSize: { width: 400, height: 225 },
      onProgress: ({ done, total }) => process.stdout.write(`\rsimulating ${done}/${total} frames`),
    }),
  );
const trainSet = await unwrap(openNuScenes({ root, split: 'train' }));
const valSet = await unwrap(openNuScenes({ root, split: 'val' }));
console.log(`\n${trainSet.length} training frames, ${valSet.length} validation frames`);

const source = cachedMasks(
  await unwrap(samMasks({ preset: 'fast', pointsPerSide: 24 })),
  path.join(values.out, 'masks'),
);
const masks: MasksOf = (view: CameraView) =>
  TE.Monad.chain(view.image(), (picture) => source.segment(picture, view.imagePath));

const [rho, phi, z] = numbers(values.grid);
const grid = cylindricalGrid('nuscenes', { shape: [rho!, phi!, z!], wrapAzimuth: true });
const numClasses = trainSet.labelSpace.names.length;
const network = cylinder3dConfig({ numClasses, width: Number(values.width), pointWidths: [32, 64] });

interface Cell {
  readonly fraction: number;
  readonly method: string;
  readonly seed: number;
  readonly labelled: number;
  readonly point: Scores;
  readonly voxel: Scores;
}
const cells: Cell[] = [];
for (const seed of numbers(values.seeds)) {
  for (const percent of numbers(values.fractions)) {
    const split = labelFraction(trainSet, percent / 100, createRandom(`labels ${seed}`));
    for (const method of values.methods.split(',')) {
      const settings = trainSettings.parse({
        ...publishedSettings.nuscenes,
        method,
        steps: Number(values.steps),
      });
      const name = `${method}-${percent}-${seed}`;
      const result = await unwrap(
        train({
          dataset: trainSet,
          ...split,
          grid,
          network,
          settings,
          masks,
          random: createRandom(`train ${seed}`),
          runFolder: path.join(values.out, name),
          onProgress: ({ step, steps, losses }) =>
            process.stdout.write(`\r${name}: step ${step}/${steps}, loss ${losses.total!.toFixed(3)}   `),
        }),
      );
      const frames = Array.from({ length: valSet.length }, (_, i) => i);
      const { point, voxel } = await unwrap(evaluate(result.network, valSet, frames, { grid }));
      disposeNetwork(result.network);
      if (result.head) disposeNerfHead(result.head);
      cells.push({ fraction: percent, method, seed, labelled: split.labelled.length, point, voxel });
      console.log(
        `\r${name}: mIoU of points ${point.miou.toFixed(3)}, of voxels ${voxel.miou.toFixed(3)}   `,
      );
    }
  }
}

const file = path.join(values.out, 'table1.json');
writeFileSync(`${file}.part`, `${JSON.stringify({ arguments: values, cells }, null, 2)}\n`);
renameSync(`${file}.part`, file);

const mean = (fraction: number, method: string): string => {
  const found = cells.filter((cell) => cell.fraction === fraction && cell.method === method);
  return ((100 * found.reduce((sum, cell) => sum + cell.point.miou, 0)) / found.length).toFixed(1);
};
console.log(`\npoint mIoU, %, mean of ${numbers(values.seeds).length} seed(s); the table is in ${file}`);
console.log(['method'.padEnd(14), ...numbers(values.fractions).map((f) => `${f} %`.padStart(7))].join(''));
for (const method of values.methods.split(','))
  console.log(
    [method.padEnd(14), ...numbers(values.fractions).map((f) => mean(f, method).padStart(7))].join(''),
  );
