import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createRandom } from '@nerfseg/geometry';
import type { SimulationConfig } from './config.js';
import type { PlannedScene } from './scene-plan.js';
import { type Drive, type SimulatedFrame, simulateFrame, startDrive } from './simulate-scene.js';
import { type PackedFrame, unpackFrame } from './transfer.js';
import { createWorld } from './world/world.js';

/** The frames that were asked for, in order, one per call. */
export interface FrameSource {
  next(): Promise<SimulatedFrame>;
  /** Ends its threads; calls of `next` that wait then never settle. */
  close(): Promise<void>;
}

/** Builds a scene's world from the seed alone: every thread that does gets the same. */
export const driveOf = (config: SimulationConfig, scene: PlannedScene): Drive => {
  const random = createRandom(config.seed).fork(`${scene.split} ${scene.index}`);
  const seconds = config.framesPerScene * config.frameSpacing + 0.5;
  const effort = raysOf(config) > 1e6 ? 'thorough' : 'quick';
  const { kind, condition } = scene;
  const reach = config.lidar.range[1] + 5;
  const world = createWorld(
    { kind, condition, seconds, speed: config.speed, reach, effort },
    random.fork('world'),
  );
  return startDrive(world, config, random.fork('sensors'), scene.start);
};

/** Rays of one scene, before shadows. */
const raysOf = ({ lidar, cameras, imageSize, framesPerScene }: SimulationConfig): number =>
  framesPerScene *
  (lidar.elevations.length * lidar.azimuthSteps + cameras.length * imageSize.width * imageSize.height);

/** What a thread is asked for. */
export interface FrameRequest {
  readonly scene: PlannedScene;
  readonly index: number;
}

/** Present in the built package; when sources run as they are (tests), everything stays in one thread. */
const workerFile = fileURLToPath(new URL('./frame-worker.js', import.meta.url));

/**
 * Simulates the frames that are asked for ahead of need on `workers` threads, which gives the same frames as one thread.
 */
export const frameSource = (
  config: SimulationConfig,
  requests: readonly FrameRequest[],
  workers?: number,
): FrameSource => {
  // Starting a thread costs about as much as tracing a million rays.
  const rays = (raysOf(config) * requests.length) / config.framesPerScene;
  const worthwhile = rays > 4e6 ? Math.min(8, availableParallelism()) : 0;
  const threads = Math.min(workers ?? worthwhile, requests.length);
  return threads < 1 || !existsSync(workerFile)
    ? inThisThread(config, requests)
    : inThreads(config, requests, threads);
};

const inThisThread = (config: SimulationConfig, requests: readonly FrameRequest[]): FrameSource => {
  let at = 0;
  let current: { scene: PlannedScene; drive: Drive } | undefined;
  return {
    next: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      const { scene, index } = requests[at++];
      if (current?.scene !== scene) current = { scene, drive: driveOf(config, scene) };
      return simulateFrame(current.drive, index);
    },
    close: async () => undefined,
  };
};

/** Bytes of frames that wait to be taken, as far as two frames a thread do not need more. */
const waitingBytes = 5e8;
const longestTurn = 8;

/** Frames that a thread makes in turn: as many as memory allows. */
const turnOf = ({ lidar, cameras, imageSize }: SimulationConfig, threads: number): number => {
  const pixels = cameras.length * imageSize.width * imageSize.height;
  // A pixel has three bytes of colour and seven of truth; a return five numbers and its labels.
  const bytes = pixels * 10 + lidar.elevations.length * lidar.azimuthSteps * 24;
  return Math.max(1, Math.min(longestTurn, Math.floor(waitingBytes / (threads * bytes)) - 1));
};

/**
 * Which thread makes each frame. A world takes as long to build as a few of its frames to trace, and every thread builds its own, so that the
 * frames of one scene stay together, `turn` of them at most, as long as that leaves work for every thread.
 */
export const shareOut = (
  requests: readonly FrameRequest[],
  threads: number,
  turn: number,
): readonly number[] => {
  const longest = Math.min(turn, Math.ceil(requests.length / threads));
  const load = new Array<number>(threads).fill(0);
  let scene: PlannedScene | undefined;
  let thread = 0;
  let length = 0;
  return requests.map((request) => {
    if (request.scene !== scene || length === longest) {
      scene = request.scene;
      length = 0;
      thread = load.indexOf(Math.min(...load));
    }
    length++;
    load[thread]++;
    return thread;
  });
};

const inThreads = (
  config: SimulationConfig,
  requests: readonly FrameRequest[],
  threads: number,
): FrameSource => {
  const pool = Array.from({ length: threads }, () => new Worker(workerFile, { workerData: config }));
  const waiting = new Map<
    number,
    { resolve: (frame: SimulatedFrame) => void; reject: (error: Error) => void }
  >();
  const pending: Promise<SimulatedFrame>[] = [];
  const turn = turnOf(config, threads);
  const threadOf = shareOut(requests, threads, turn);
  let asked = 0;
  for (const worker of pool) {
    worker.on('message', ({ id, frame }: { id: number; frame: PackedFrame }) => {
      waiting.get(id)?.resolve(unpackFrame(frame));
      waiting.delete(id);
    });
    worker.on('error', (error) => {
      for (const { reject } of waiting.values()) reject(error);
    });
  }
  const ask = (): void => {
    if (asked >= requests.length) return;
    const id = asked++;
    const answer = new Promise<SimulatedFrame>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
    // Whoever takes the frame sees the error; until then it is not unhandled.
    answer.catch(() => undefined);
    pending.push(answer);
    pool[threadOf[id]].postMessage({ id, request: requests[id] });
  };
  // A turn and one frame more: a thread whose turn is done does not wait for the one before it.
  for (let i = 0; i < threads * (turn + 1); i++) ask();
  return {
    next: async () => {
      const frame = await pending.shift();
      if (!frame) throw new RangeError('frameSource: no frame is left');
      ask();
      return frame;
    },
    close: async () => {
      await Promise.all(pool.map((worker) => worker.terminate()));
    },
  };
};
