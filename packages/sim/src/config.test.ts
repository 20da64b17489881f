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
    expect(fieldOf({ format: 'nuscenes', scenes: { train: 0, val: 0 } })).toBe('scenes');
    expect(fieldOf({ format: 'nuscenes', lidar: { range: [5, 1] } })).toBe('lidar.range');
  });
});
