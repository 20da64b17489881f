import { Matrix4 } from 'three';
import { bake, disc, type Rgb } from '../objects/parts.js';
import { signalLamps } from '../objects/street-furniture.js';
import { buildBvh } from '../trace/bvh.js';
import { createMeshBuilder } from '../trace/mesh.js';
import type { Mover } from '../trace/scene.js';
import type { Arm, SignalColor, Signals } from './signals.js';

/** A traffic light: where it stands, where on it the heads are, and which object it is. */
export interface Lamp {
  readonly matrix: Matrix4;
  readonly heads: readonly (readonly [number, number, number])[];
  readonly object: number;
}

const lit: Readonly<Record<SignalColor, Rgb>> = {
  red: [255, 46, 30],
  yellow: [255, 190, 40],
  green: [50, 255, 150],
};

/** Shining discs before the dark lamps: all of one colour and street come and go together. */
export const lampMovers = (signals: Signals, arm: Arm, lamps: readonly Lamp[]): Mover[] =>
  (['red', 'yellow', 'green'] as const).map((color) => {
    const builder = createMeshBuilder();
    for (const { matrix, heads, object } of lamps) {
      const discs = heads.map(([x, y, z]) =>
        disc([x - 0.14, y, z + signalLamps[color].above], 0.24, 0.02, {
          material: 'light',
          color: lit[color],
        }),
      );
      bake(builder, discs, matrix, 'traffic-light', object);
    }
    const bvh = buildBvh(builder.build(), 'quick');
    const here = new Matrix4();
    return {
      postures: [() => bvh],
      poseAt: (time, out) => {
        out.set(here.elements);
        // Dark lamps wait far below.
        if (signals.colorAt(arm, time) !== color) out[14] = -1e5;
      },
    };
  });
