// Cylinder3D: planning, inference, a training step. The peer is the same network on tfjs's own ops (gather, matMul, ...).
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type BatchStatistics,
  countOperations,
  createCylinder3d,
  cylinder3dConfig,
  decodeSafetensors,
  discardStatistics,
  disposeFeatures,
  disposeNetwork,
  encodeSafetensors,
  encodeScans,
  hostTensors,
  namedGradients,
  networkTensors,
  planScans,
} from '@nerfseg/backbone';
import {
  createRandom,
  cylindricalGrid,
  type PointCloud,
  type VoxelizedScan,
  voxelize,
} from '@nerfseg/geometry';
import { selectEngine, softmaxCrossEntropy, withPortableKernels } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { decodeScan } from './decode-scan.js';
import type { BenchContext, BenchRow, Suite } from './harness.js';

/** Lets the event loop turn: native memory goes back to the system there. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The first KITTI sample scan, or as many points on rings around the sensor where there are no sample data. */
function cloud(realData: string | undefined): PointCloud {
  if (realData) {
    return decodeScan(readFileSync(path.join(realData, 'semantickitti/sequences/00/velodyne/000000.bin')));
  }
  const random = createRandom('rings');
  const count = 120_000;
  const positions = new Float32Array(count * 3);
  for (let n = 0; n < count; n++) {
    const azimuth = 2 * Math.PI * random.next();
    const range = 3 + 45 * random.next() ** 2;
    positions.set(
      [range * Math.cos(azimuth), range * Math.sin(azimuth), range > 20 ? random.next() * 3 - 1.7 : -1.7],
      n * 3,
    );
  }
  return { positions, intensity: new Float32Array(count).fill(0.3) };
}

function scanOf(points: PointCloud, shape: readonly [number, number, number]): VoxelizedScan {
  const scan = voxelize(points, cylindricalGrid('semantickitti', { shape }));
  if (scan._tag === 'Left') throw new Error(scan.left.found);
  return scan.right;
}

async function networkRows(
  context: BenchContext,
  points: PointCloud,
  shape: readonly [number, number, number],
  width: number,
  pointWidths: readonly number[],
): Promise<BenchRow[]> {
  const config = cylinder3dConfig({ numClasses: 20, width, pointWidths });
  const scan = scanOf(points, shape);
  const plan = planScans([scan], config);
  const network = createCylinder3d(config, createRandom(1));
  const labels = Uint8Array.from({ length: scan.coords.length / 3 }, (_, v) => 1 + (v % 19));
  const operations = countOperations(plan, config);
  const total = operations.pointEncoder + operations.unet;
  const label = `C=${width}, points ${pointWidths.join('-')}, ${shape.join('x')}`;
  const note = `${labels.length} voxels, ${(total / 1e9).toFixed(1)} GFLOP forward`;

  const infer = async (): Promise<void> => {
    const features = encodeScans(network, plan, { training: false, levels: false });
    await features.logits.data();
    disposeFeatures(features);
    await turn();
  };
  const train = async (): Promise<void> => {
    const collect = new Map<string, BatchStatistics>();
    const { value, gradients } = namedGradients(network.trainable, () =>
      softmaxCrossEntropy(encodeScans(network, plan, { training: true, collect }).logits, labels),
    );
    await gradients['point.linear0.weight'].data();
    discardStatistics(collect);
    tf.dispose([value, ...Object.values(gradients)]);
    await turn();
  };
  const portable = async (): Promise<void> => {
    const features = withPortableKernels(() =>
      encodeScans(network, plan, { training: false, levels: false }),
    );
    await features.logits.data();
    disposeFeatures(features);
    await turn();
  };
  const forward = await context.timePair(`forward ${label}`, infer, portable);
  const both = await context.timeMedian(`training step ${label}`, train);
  disposeNetwork(network);
  return [
    {
      name: `forward, ${label}`,
      ours: forward.ours,
      peer: forward.peer,
      peerName: 'composed of tfjs ops',
      ratio: forward.peer / forward.ours,
      gflops: total / forward.ours / 1e6,
      note,
    },
    // Backward is two products of the forward's size.
    { name: `forward + backward, ${label}`, ours: both, gflops: (3 * total) / both / 1e6, note },
  ];
}

export const suite: Suite = async (context) => {
  const choice = await selectEngine();
  if (choice._tag === 'Left') throw new Error(choice.left.found);
  const engine = choice.right;
  const fast = engine.name !== 'tfjs-cpu' && engine.name !== 'tfjs-wasm';
  const points = cloud(context.realData);
  const rows: BenchRow[] = [];
  for (const shape of [
    [480, 360, 32],
    [240, 180, 20],
  ] as const) {
    const scan = scanOf(points, shape);
    const config = cylinder3dConfig({ numClasses: 20, width: 16 });
    const ours = await context.timeMedian('plan', () => planScans([scan], config));
    rows.push({
      name: `planScans ${shape.join('x')}`,
      ours,
      note: `${scan.coords.length / 3} voxels; pairs of neighbours are listed when first used`,
    });
  }
  // Without fast kernels the published grids take minutes.
  const shape = fast && !context.quick ? ([240, 180, 20] as const) : ([120, 90, 10] as const);
  const thinned = fast ? points : thin(points, 8);
  rows.push(...(await networkRows(context, thinned, shape, 8, [16, 32])));
  rows.push(...(await networkRows(context, thinned, shape, 16, [64, 128, 256])));

  const network = createCylinder3d(cylinder3dConfig({ numClasses: 20, width: 16 }), createRandom(1));
  const tensors = await hostTensors(networkTensors(network));
  disposeNetwork(network);
  const file = encodeSafetensors(tensors);
  const note = `${(file.length / 1e6).toFixed(0)} MB; the peer copies as many bytes`;
  for (const [name, run] of [
    ['encodeSafetensors', () => encodeSafetensors(tensors)],
    ['decodeSafetensors', () => decodeSafetensors(file, 'memory')],
  ] as const) {
    const { ours, peer } = await context.timePair(name, run, () => file.slice());
    rows.push({ name, ours, peer, peerName: 'memcpy', ratio: peer / ours, note });
  }
  return rows.map((row) =>
    row.gflops === undefined ? row : { ...row, note: `${engine.name}; ${row.note ?? ''}` },
  );
};

/** Every n-th point. */
function thin({ positions, intensity }: PointCloud, step: number): PointCloud {
  const count = Math.floor(intensity.length / step);
  const kept = new Float32Array(count * 3);
  for (let n = 0; n < count; n++) kept.set(positions.subarray(n * step * 3, n * step * 3 + 3), n * 3);
  return { positions: kept, intensity: intensity.filter((_, n) => n % step === 0 && n < count * step) };
}
