import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@nerfseg/geometry';
import {
  createHit,
  createRay,
  createWorld,
  hdl32e,
  intersectBvh,
  type SimulationConfig,
  simulateDataset,
  simulateScene,
  simulationConfig,
  type World,
} from '@nerfseg/sim';
import type { BenchRow, Suite } from './harness.js';

interface Tracer {
  raycastFirst(ray: unknown, side: number): { distance: number } | null;
}
interface Three {
  readonly BufferAttribute: new (array: Float32Array, size: number) => unknown;
  readonly BufferGeometry: new () => { setAttribute(name: string, attribute: unknown): void };
  readonly Vector3: new () => { set(x: number, y: number, z: number): unknown };
  readonly Ray: new () => {
    readonly origin: { set(x: number, y: number, z: number): void };
    readonly direction: { set(x: number, y: number, z: number): void };
  };
}

// The peers are the simulator's own dependencies, found from there.
const require = createRequire(createRequire(import.meta.url).resolve('@nerfseg/sim/package.json'));

const configure = (overrides: object): SimulationConfig => {
  const config = simulationConfig({ format: 'nuscenes', framesPerScene: 1, ...overrides });
  if (config._tag === 'Left') throw new Error(config.left.field);
  return config.right;
};

const drain = async (world: World, config: SimulationConfig): Promise<number> => {
  let points = 0;
  for await (const frame of simulateScene(world, config, createRandom(1)))
    points += frame.sweep.semantic.length;
  return points;
};

/** Rays from the car into all directions, mostly towards the ground and facades: [R*3]. */
const directions = (count: number): Float64Array => {
  const random = createRandom(3);
  const out = new Float64Array(count * 3);
  for (let i = 0; i < count; i++) {
    const azimuth = random.next() * 2 * Math.PI;
    const elevation = random.next() * 0.7 - 0.5;
    out[i * 3] = Math.cos(elevation) * Math.cos(azimuth);
    out[i * 3 + 1] = Math.cos(elevation) * Math.sin(azimuth);
    out[i * 3 + 2] = Math.sin(elevation);
  }
  return out;
};

export const suite: Suite = async ({ quick, timeMedian, timePair }) => {
  const rows: BenchRow[] = [];
  const world = createWorld({ kind: 'downtown', seconds: 1 }, createRandom(1));
  const count = quick ? 5_000 : 50_000;
  const aims = directions(count);
  const ray = createRay();
  const hit = createHit();
  const three = require('three') as Three;
  const { MeshBVH, SAH } = require('three-mesh-bvh') as {
    MeshBVH: new (geometry: unknown, options: object) => Tracer;
    SAH: number;
  };
  const geometry = new three.BufferGeometry();
  geometry.setAttribute('position', new three.BufferAttribute(world.ground.mesh.positions.slice(), 3));
  const peer = new MeshBVH(geometry, { strategy: SAH });
  const peerRay = new three.Ray();
  const doubleSide = 2;
  const traced = await timePair(
    'trace',
    () => {
      for (let i = 0; i < count; i++) {
        ray.set([0, -2, 1.8, aims[i * 3], aims[i * 3 + 1], aims[i * 3 + 2], 0.05, 600]);
        intersectBvh(world.ground, ray, hit, false);
      }
    },
    () => {
      for (let i = 0; i < count; i++) {
        peerRay.origin.set(0, -2, 1.8);
        peerRay.direction.set(aims[i * 3], aims[i * 3 + 1], aims[i * 3 + 2]);
        peer.raycastFirst(peerRay, doubleSide);
      }
    },
  );
  rows.push({
    name: `nearest hit of ${count} rays, ${world.ground.mesh.count} triangles`,
    ...traced,
    peerName: 'three-mesh-bvh raycastFirst',
    ratio: traced.peer / traced.ours,
    note: `${(count / traced.ours / 1000).toFixed(2)} million rays/s; ours cuts leaves out of crowns too`,
  });
  for (const effort of ['thorough', 'quick'] as const) {
    const ours = await timeMedian(`world ${effort}`, () =>
      createWorld({ kind: 'downtown', seconds: 1, effort }, createRandom(1)),
    );
    rows.push({ name: `downtown world, ${effort} hierarchy`, ours });
  }
  const azimuthSteps = quick ? 200 : hdl32e.azimuthSteps;
  const sweep = configure({ cameras: [], lidar: { azimuthSteps } });
  rows.push({
    name: `one sweep, 32 x ${azimuthSteps} pulses`,
    ours: await timeMedian('sweep', () => drain(world, sweep)),
  });
  const imageSize = quick ? { width: 120, height: 68 } : { width: 480, height: 270 };
  for (const supersampling of [0, 4] as const) {
    const config = configure({
      cameras: ['CAM_FRONT'],
      lidar: { azimuthSteps: 8 },
      imageSize,
      supersampling,
    });
    const ours = await timeMedian(`picture ${supersampling}`, () => drain(world, config));
    rows.push({
      name: `one ${imageSize.width} x ${imageSize.height} picture, ${supersampling} more rays at edges`,
      ours,
    });
  }
  for (const format of ['nuscenes', 'semantickitti'] as const) {
    const frames = quick ? 2 : 8;
    const folder = await mkdtemp(join(tmpdir(), 'nerfseg-bench-'));
    let run = 0;
    const ours = await timeMedian(`data set ${format}`, async () => {
      const written = await simulateDataset({
        root: join(folder, String(run++)),
        format,
        scenes: { train: 1, val: 0 },
        framesPerScene: frames,
        conditions: ['clear'],
        ...(quick ? { imageSize: { width: 120, height: 68 }, lidar: { azimuthSteps } } : {}),
      })();
      if (written._tag === 'Left') throw new Error(written.left.field);
    });
    await rm(folder, { recursive: true, force: true });
    rows.push({
      name: `${frames} ${format} frames written, world included${quick ? '' : ', default settings'}`,
      ours,
      note: `${((60_000 * frames) / ours).toFixed(0)} frames a minute`,
    });
  }
  return rows;
};
