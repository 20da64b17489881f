// A thread of `frameSource`: simulates the frames that it is asked for.
import { parentPort, workerData } from 'node:worker_threads';
import type { SimulationConfig } from './config.js';
import { driveOf, type FrameRequest } from './frame-source.js';
import { type Drive, simulateFrame } from './simulate-scene.js';
import { packFrame } from './transfer.js';

const config = workerData as SimulationConfig;
let current: { start: string; drive: Drive } | undefined;

parentPort?.on('message', ({ id, request }: { id: number; request: FrameRequest }) => {
  const { scene, index } = request;
  const start = `${scene.split} ${scene.index}`;
  if (current?.start !== start) current = { start, drive: driveOf(config, scene) };
  const { frame, transfer } = packFrame(simulateFrame(current.drive, index));
  parentPort?.postMessage({ id, frame }, transfer);
});
