import {
  countOperations,
  createCylinder3d,
  cylinder3dConfig,
  disposeFeatures,
  disposeNetwork,
  encodeScans,
  planScans,
  segmentScan,
} from '@nerfseg/backbone';
import { createRandom } from '@nerfseg/geometry';
import { calibrate, sendNetwork } from '../ops/network.js';
import { createTrainStep } from '../ops/train-step.js';
import { type GpuBench, measure, type PeerCase } from './measure.js';
import { peerCase } from './peer-case.js';
import { type Scans, thin, voxelsOf } from './scans.js';

/** Whole inference: the network on a scan whose plan lies on the device, and all that a new scan costs. */
export const inference = async (bench: GpuBench, scans: Scans): Promise<void> => {
  const { networks, small, everyPoint } = bench.sizes;
  for (const { shape, width } of networks) {
    const points = thin(scans.points[0], everyPoint);
    const scan = voxelsOf(points, shape);
    const config = cylinder3dConfig({ ...small, numClasses: 20, width, kernelMaps: 'paper' });
    const network = createCylinder3d(config, createRandom(1));
    const plan = planScans([scan], config);
    calibrate(network, plan);
    const operations = countOperations(plan, config);
    const flop = operations.pointEncoder + operations.unet;
    let peers: PeerCase[] = [];
    if (bench.cuda) {
      const { logits } = encodeScans(network, plan, { training: false, levels: false });
      const ours = (await logits.data()) as Float32Array;
      logits.dispose();
      peers = await peerCase(bench, {
        name: 'PyTorch gather, mm, index_add',
        id: 'inference',
        build: 'cylinder3d.inference',
        arguments: await sendNetwork(bench.cuda, network, plan),
        ours,
        tolerance: 1e-3,
        products: true,
      });
    }
    const name = `Cylinder3D inference, C=${width}, ${shape.join('x')}, ${scan.coords.length / 3} voxels`;
    await measure(bench, {
      name: `${name}, network`,
      run: () => disposeFeatures(encodeScans(network, plan, { training: false, levels: false })),
      flop,
      peers,
      byProgram: true,
      note: 'kernel maps and the scan on the device',
    });
    const half = { training: false, levels: false, precision: 'float16' } as const;
    await measure(bench, {
      name: `${name}, network, float16`,
      run: () => disposeFeatures(encodeScans(network, plan, half)),
      flop,
      byProgram: true,
      note: 'factors of convolutions rounded to float16, sums float32; shares are of the float32 peak',
    });
    await measure(bench, {
      name: `${name}, scan to classes`,
      // New arrays, as every new scan has them: what is kept for known ones is not used.
      run: () =>
        segmentScan(network, {
          ...scan,
          coords: scan.coords.slice(),
          voxelOfPoint: scan.voxelOfPoint.slice(),
        }),
      flop,
      note: 'kernel maps, uploads, network, classes read back; without voxelization',
    });
    disposeNetwork(network);
    await bench.cuda?.forget('inference');
  }
};

/** A training step: two scans, rays from the second, losses, gradients, AdamW. */
export const training = async (bench: GpuBench, scans: Scans): Promise<void> => {
  const { networks, small, everyPoint, quick } = bench.sizes;
  for (const { shape, width } of networks) {
    const [first, second] = scans.points.map((points) => voxelsOf(thin(points, everyPoint), shape));
    const rays = quick ? 256 : 2048;
    const perRay = quick ? 8 : 64;
    const step = createTrainStep([first!, second!], {
      width,
      rays,
      perRay,
      ...(small ? { network: small } : {}),
    });
    let peers: PeerCase[] = [];
    if (bench.cuda) {
      try {
        await step.send(bench.cuda);
        const [ours, theirs] = [await step.run(), (await bench.cuda.result('step')).sum];
        const differs = Math.abs(ours - theirs) / Math.abs(theirs);
        const id = differs < 1e-3 ? 'step' : { skipped: `loss ${theirs}, ours ${ours}` };
        peers = [{ name: 'PyTorch', id, products: true, differs }];
      } catch (problem) {
        peers = [{ name: 'PyTorch', id: { skipped: (problem as Error).message } }];
      }
    }
    await measure(bench, {
      name: `training step, C=${width}, ${shape.join('x')}: 2 scans, ${rays} rays, ${step.samples} samples`,
      run: step.run,
      flop: step.flop,
      peers,
      byProgram: true,
      note: "operations: the network's, three times its forward pass; the loss is read back in every step",
    });
    step.dispose();
    await bench.cuda?.forget('step');
  }
};
