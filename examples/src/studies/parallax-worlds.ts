import { nuScenesCameras } from '@nerfseg/sim';
import { type World, worlds } from '../runner/worlds.js';

/** How far cameras are from the LiDAR, beside where nuScenes has them. */
export interface Displacement {
  readonly name: string;
  /** Metres to the side, as the camera looks. */
  readonly aside: number;
  /** Seconds between sweep and shutter; undefined: when the laser passes, as on nuScenes' car. */
  readonly shift?: number;
}

export const displacements: readonly Displacement[] = [
  { name: 'as on the car', aside: 0 },
  { name: '0.5 m aside', aside: 0.5 },
  { name: '1.5 m aside', aside: 1.5 },
  { name: '0 ms', aside: 0, shift: 0 },
  { name: '100 ms early', aside: 0, shift: -0.1 },
  { name: '200 ms early', aside: 0, shift: -0.2 },
  { name: '1.5 m aside, 200 ms early', aside: 1.5, shift: -0.2 },
];

/**
 * Twelve frames of three streets that no run learns from, seen by displaced cameras; it is known which points move. The streets, what moves
 * on them and the sweeps are the same for every displacement. `base`: a world whose sensors are taken; of its cameras those of nuScenes.
 */
export function displacedWorld({ aside, shift }: Displacement, base = 'nuscenes-like'): World {
  const { simulation } = worlds[base]!;
  const cameras = nuScenesCameras.filter(
    ({ name }) => !simulation.cameras || simulation.cameras.includes(name),
  );
  return {
    simulation: {
      ...simulation,
      seed: 'parallax',
      scenes: { train: base === 'tiny' ? 1 : 3, val: 0 },
      movingTruth: true,
      cameras: cameras.map(({ translation: [x, y, z], center: [u, v], nativeSize: [w, h], ...camera }) => ({
        ...camera,
        translation: [x - aside * Math.sin(camera.yaw), y + aside * Math.cos(camera.yaw), z],
        center: [u, v],
        nativeSize: [w, h],
        ...(shift === undefined ? {} : { fires: shift }),
      })),
    },
    tuneScenes: 0,
  };
}
