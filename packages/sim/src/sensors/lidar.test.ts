import { describe, expect, it } from '@jest/globals';
import { createRandom, identityPose, poseFromEuler } from '@nerfseg/geometry';
import { materialId } from '../materials.js';
import { buildBvh } from '../trace/bvh.js';
import { createMeshBuilder } from '../trace/mesh.js';
import { createTraceScene } from '../trace/scene.js';
import { type LidarModel, sweepLidar } from './lidar.js';
import { hdl32e } from './presets.js';

const surface = { material: materialId.concrete, color: [200, 200, 200], semantic: 1, object: 0 } as const;

/** A floor at z = 0 and a wall at x = 20. */
const room = () => {
  const builder = createMeshBuilder();
  builder.quad([-90, -90, 0, 90, -90, 0, 90, 90, 0, -90, 90, 0], surface);
  builder.quad([20, -90, 0, 20, 90, 0, 20, 90, 60, 20, -90, 60], { ...surface, semantic: 7 });
  return createTraceScene(buildBvh(builder.build()), []);
};

const model: LidarModel = { ...hdl32e, azimuthSteps: 180, dropOut: 0 };
const speed = 15;

const drive = (time: number, out: Float64Array): void => {
  out.set(poseFromEuler([speed * time, 0, 2], 0.3 * time));
};

describe('sweepLidar', () => {
  it('measures surfaces within its noise, standing or driving', () => {
    const still = (_time: number, out: Float64Array): void => {
      out.set(identityPose());
      out[14] = 2;
    };
    for (const lidarAt of [still, drive]) {
      const { points, semantic } = sweepLidar(room(), model, 0, lidarAt, createRandom(1));
      expect(semantic.length).toBeGreaterThan(2000);
      for (let i = 0; i < semantic.length; i++) {
        const error = semantic[i] === 7 ? points.positions[i * 3] - 20 : points.positions[i * 3 + 2] + 2;
        expect(Math.abs(error)).toBeLessThan(5.5 * model.rangeNoise);
      }
    }
  });

  it('smears the wall when the motion is left in', () => {
    const { points, semantic } = sweepLidar(
      room(),
      { ...model, compensated: false },
      0,
      drive,
      createRandom(1),
    );
    let worst = 0;
    for (let i = 0; i < semantic.length; i++) {
      if (semantic[i] === 7) worst = Math.max(worst, Math.abs(points.positions[i * 3] - 20));
    }
    expect(worst).toBeGreaterThan(0.3);
  });

  it('tells ring, time and intensity', () => {
    const { points } = sweepLidar(room(), model, 0, drive, createRandom(1));
    const { ring, timeOffset, intensity, positions } = points;
    expect(Math.max(...(ring ?? []))).toBe(31);
    for (let i = 0; i < intensity.length; i++) {
      expect(intensity[i]).toBeGreaterThan(0);
      expect(intensity[i]).toBeLessThanOrEqual(1);
      expect(timeOffset?.[i]).toBeLessThan(0);
      expect(timeOffset?.[i]).toBeGreaterThanOrEqual(-1 / model.rate);
      const range = Math.hypot(positions[i * 3], positions[i * 3 + 1], positions[i * 3 + 2]);
      expect(range).toBeLessThan(model.range[1] + 2);
    }
  });

  it('loses all returns at drop-out 1 and repeats itself with the same seed', () => {
    expect(sweepLidar(room(), { ...model, dropOut: 1 }, 0, drive, createRandom(1)).semantic.length).toBe(0);
    expect(sweepLidar(room(), model, 0, drive, createRandom(1))).toEqual(
      sweepLidar(room(), model, 0, drive, createRandom(1)),
    );
  });
});
