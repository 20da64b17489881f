// Rays, marching and rendering on five levels. Peers: the same thing as one writes it first (a Map from cell to row, the
// head applied after interpolation, compositing from tfjs's own ops).
import { createRandom, cylindricalGrid, type RayBundle, zBufferVisibility } from '@nerfseg/geometry';
import { sampleVoxels, selectEngine, withPortableKernels } from '@nerfseg/ops';
import {
  castRays,
  createNerfHead,
  densityLikelihood,
  disposeNerfHead,
  evaluateNerfHead,
  levelIndex,
  marchRays,
  renderField,
  renderRays,
} from '@nerfseg/render';
import * as tf from '@tensorflow/tfjs-core';
import type { BenchRow, Suite } from './harness.js';

const STRIDES = [
  [1, 1, 1],
  [2, 2, 2],
  [4, 4, 4],
  [8, 8, 4],
  [16, 16, 4],
] as const;
/** What a Cylinder3D of width 16 offers the head, finest level first. */
const CHANNELS = [64, 32, 64, 128, 256];
const CLASSES = 17;
/** Lets the event loop turn: native memory goes back to the system there. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Road and walls, as dense as a nuScenes scan: cells of every level. */
const scene = () => {
  const grid = cylindricalGrid('nuscenes', { shape: [240, 180, 20], wrapAzimuth: true });
  const random = createRandom('render benchmark');
  const cells = STRIDES.map(() => new Set<number>());
  const shapes = STRIDES.map(
    (stride) => grid.shape.map((n, a) => Math.ceil(n / stride[a]!)) as [number, number, number],
  );
  for (let n = 0; n < 9000; n++) {
    const isWall = random.next() < 0.3;
    const cell = [
      Math.floor(240 * (0.04 + 0.96 * random.next() ** 2)),
      random.int(180),
      isWall ? 5 + random.int(10) : 8,
    ];
    STRIDES.forEach((stride, l) => {
      const [i, j, k] = cell.map((c, a) => Math.floor(c / stride[a]!));
      cells[l]!.add((i! * shapes[l]![1] + j!) * shapes[l]![2] + k!);
    });
  }
  const coords = cells.map((set, l) =>
    Int32Array.from(
      [...set].flatMap((c) => [
        Math.floor(c / (shapes[l]![1] * shapes[l]![2])),
        Math.floor(c / shapes[l]![2]) % shapes[l]![1],
        c % shapes[l]![2],
      ]),
    ),
  );
  return { grid, coords, levels: STRIDES.map((stride, l) => ({ stride, shape: shapes[l]! })) };
};

const cameraRays = (count: number): RayBundle => {
  const random = createRandom('pixels');
  const pixels = Int32Array.from({ length: count * 2 }, (_, n) => random.int(n % 2 === 0 ? 1600 : 900));
  const camera = {
    width: 1600,
    height: 900,
    intrinsics: Float64Array.of(1266, 0, 800, 0, 1266, 450, 0, 0, 1),
    // z forward along the LiDAR's x, half a metre ahead and below.
    cameraFromLidar: Float64Array.of(0, 0, 1, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, -0.3, -0.5, 1),
  };
  return castRays(camera, pixels, { near: 0.5, far: 50 });
};

export const suite: Suite = async ({ quick, timeMedian, timePair }) => {
  const choice = await selectEngine();
  if (choice._tag === 'Left') throw new Error(choice.left.found);
  const rows: BenchRow[] = [];
  const against = async (
    name: string,
    peerName: string,
    ours: () => unknown,
    peer: () => unknown,
    note = '',
  ) => {
    const times = await timePair(name, ours, peer);
    rows.push({ name, ...times, peerName, ratio: times.peer / times.ours, note });
  };
  const alone = async (name: string, run: () => unknown, note = '') => {
    rows.push({ name, ours: await timeMedian(name, run), note });
  };

  const { grid, coords, levels } = scene();
  const rayCount = quick ? 512 : 2048;
  const rays = cameraRays(rayCount);
  const index = () => levels.map((level, l) => levelIndex(coords[l]!, grid, level));
  const indices = index();
  const mapIndex = () =>
    coords.map((cells, l) => {
      const [, phi, z] = levels[l]!.shape;
      const map = new Map<number, number>();
      for (let v = 0; v < cells.length; v += 3)
        map.set((cells[v]! * phi + cells[v + 1]!) * z + cells[v + 2]!, v / 3);
      return map;
    });
  const voxels = coords.reduce((sum, c) => sum + c.length / 3, 0);
  await against(`index 5 levels, ${voxels} voxels`, 'a Map per level', index, mapIndex);

  const march = { samples: 64, interpolation: 'nearest' } as const;
  const samples = marchRays(rays, grid, indices, march);
  const size = `${rayCount} rays, ${samples.sampleCount} samples`;
  await alone(`march ${size}, nearest`, () => marchRays(rays, grid, indices, march), '256 bins a ray');
  await alone(`march ${size}, nearest, 64 bins`, () =>
    marchRays(rays, grid, indices, { ...march, bins: 64 }),
  );
  await alone(`march ${size}, trilinear`, () =>
    marchRays(rays, grid, indices, { ...march, interpolation: 'trilinear' }),
  );

  const features = coords.map((c, l) =>
    tf.randomNormal<tf.Rank.R2>([c.length / 3, CHANNELS[l]!], 0, 1, 'float32', l + 1),
  );
  const head = createNerfHead({ levelChannels: CHANNELS, numClasses: CLASSES }, createRandom(1));
  const read = async (make: () => tf.Tensor | tf.Tensor[]) => {
    const made = [make()].flat();
    for (const tensor of made) await tensor.data();
    tf.dispose(made);
    await turn();
  };
  const weights = tf.randomNormal<tf.Rank.R2>([CHANNELS.reduce((a, b) => a + b, 0), 64], 0, 1, 'float32', 9);
  await against(
    `evaluate the head, ${samples.sampleCount} samples`,
    'its first layer alone, after interpolation',
    () => read(() => tf.tidy(() => evaluateNerfHead(head, features, samples).density)),
    () =>
      read(() =>
        tf.tidy(() =>
          tf.matMul(
            tf.concat(
              features.map((f, l) => sampleVoxels(f, samples.levels[l]!)),
              1,
            ),
            weights,
          ),
        ),
      ),
    choice.right.name,
  );
  const field = evaluateNerfHead(head, features, samples);
  const composite = () =>
    read(() => tf.tidy(() => renderField(field, samples, { render: 'probabilities' }).probabilities));
  await against(`composite, ${CLASSES} classes`, 'tfjs ops', composite, () => withPortableKernels(composite));
  const range = new Float32Array(rayCount).fill(20);
  await alone('render, loss and its gradient', () =>
    read(() => {
      const { value, grads } = tf.variableGrads(() =>
        tf.tidy(() => {
          const rendered = renderRays(head, features, samples, { render: 'probabilities' });
          return tf.add(
            tf.mean(rendered.entropy),
            densityLikelihood(rendered.density, samples, range),
          ) as tf.Scalar;
        }),
      );
      return [value, ...Object.values(grads)];
    }),
  );
  tf.dispose([features, weights, field]);
  disposeNerfHead(head);

  const random = createRandom('points');
  const points = 20_000;
  const [u, v, depth] = [1600, 900, 50].map((most) =>
    Float32Array.from({ length: points }, () => most * random.next()),
  );
  await alone(`z-buffer visibility, ${points} points`, () =>
    zBufferVisibility(u!, v!, depth!, { width: 1600, height: 900 }),
  );
  return rows;
};
