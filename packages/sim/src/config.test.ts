import { describe, expect, it } from '@jest/globals';
import { type SimulationOptions, simulationConfig } from './config.js';

const fieldOf = (options: SimulationOptions): string => {
  const result = simulationConfig(options);
  return result._tag === 'Left' ? result.left.field : 'right';
};

describe('simulationConfig', () => {
  it('fills in the cars of both data sets', () => {
    const nuScenes = simulationConfig({ format: 'nuscenes' });
    const kitti = simulationConfig({ format: 'semantickitti', lidar: { azimuthSteps: 500 } });
    if (nuScenes._tag === 'Left' || kitti._tag === 'Left') throw new Error('defaults are valid');
    expect(nuScenes.right.lidar.elevations).toHaveLength(32);
    expect(nuScenes.right.cameras).toHaveLength(6);
    expect(kitti.right.lidar.elevations).toHaveLength(64);
    expect(kitti.right.lidar.azimuthSteps).toBe(500);
    expect(kitti.right.cameras.map((camera) => camera.name)).toEqual(['image_2']);
  });

  it('names the option that is wrong', () => {
    expect(fieldOf({ format: 'nuscenes', cameras: ['CAM_ROOF'] })).toBe('cameras');
    expect(fieldOf({ format: 'nuscenes', framesPerScene: 0 })).toBe('framesPerScene');
    expect(simulationConfig({ format: 'nuscenes', lidar: { range: [5, 1] } })).toMatchObject({
      left: { found: '[5,1]' },
    });
    expect(simulationConfig({ format: 'nuscenes', cameras: ['CAM_FRONT', 'CAM_FRONT'] })).toMatchObject({
      left: { field: 'cameras', found: 'CAM_FRONT twice' },
    });
    expect(fieldOf({ format: 'nuscenes', scenes: { train: 0, val: 0 } })).toBe('scenes');
    expect(fieldOf({ format: 'nuscenes', lidar: { range: [5, 1] } })).toBe('lidar.range');
  });

  it('puts any scanner on either car, with any range', () => {
    const config = simulationConfig({ format: 'nuscenes', lidar: { model: 'vlp16', range: 50 } });
    if (config._tag === 'Left') throw new Error(config.left.field);
    const { elevations, range, clockwise, timestampPhase } = config.right.lidar;
    expect([elevations.length, ...range]).toEqual([16, 1, 50]);
    // It spins as the car's own.
    expect([clockwise, timestampPhase]).toEqual([true, 1]);
    const own = simulationConfig({ format: 'semantickitti', lidar: { range: [2, 200] } });
    expect(own).toMatchObject({ right: { lidar: { range: [2, 200], clockwise: false } } });
    for (const lidar of [{ range: 1000 }, { range: [5, 4] as [number, number] }])
      expect(simulationConfig({ format: 'nuscenes', lidar })).toMatchObject({
        left: { field: 'lidar.range' },
      });
  });
});
