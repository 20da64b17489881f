import { describe, expect, it } from '@jest/globals';
import {
  hdl32e,
  hdl64e,
  kittiCameras,
  kittiLidarMount,
  nuScenesCameras,
  nuScenesLidarMount,
} from './presets.js';
import { egoFromCameraOf, pinholeOf, shutterOffset } from './rig.js';

describe('shutterOffset', () => {
  it('fires the nuScenes cameras when they fired in the real sample', () => {
    // Milliseconds before the sweep's timestamp in scene-0061's keyframe.
    const real: Readonly<Record<string, number>> = {
      CAM_FRONT_LEFT: -43.1,
      CAM_FRONT: -35.5,
      CAM_FRONT_RIGHT: -27.6,
      CAM_BACK_RIGHT: -20.1,
      CAM_BACK: -10.4,
      CAM_BACK_LEFT: -0.5,
    };
    for (const mount of nuScenesCameras) {
      const offset = shutterOffset(mount, hdl32e, nuScenesLidarMount.yaw) * 1000;
      expect(Math.abs(offset - real[mount.name])).toBeLessThan(1);
    }
  });

  it('fires the KITTI cameras at the middle of the sweep', () => {
    for (const mount of kittiCameras) expect(shutterOffset(mount, hdl64e, kittiLidarMount.yaw)).toBe(0);
    expect(shutterOffset({ ...kittiCameras[0], fires: 'sweep' }, hdl64e, kittiLidarMount.yaw)).toBeCloseTo(
      0,
      9,
    );
  });
});

describe('pinholeOf', () => {
  it('scales with the width and keeps the middle in the middle', () => {
    const native = pinholeOf(nuScenesCameras[0], 1600, 900);
    expect([...native.intrinsics]).toEqual([1262, 0, 808, 0, 1262, 492, 0, 0, 1]);
    const half = pinholeOf(nuScenesCameras[0], 800, 400);
    expect([...half.intrinsics]).toEqual([631, 0, 404, 0, 631, 221, 0, 0, 1]);
  });
});

describe('egoFromCameraOf', () => {
  it('looks along its yaw with y down', () => {
    const pose = egoFromCameraOf({ ...nuScenesCameras[0], yaw: Math.PI / 2 });
    expect(pose[8]).toBeCloseTo(0, 12);
    expect(pose[9]).toBeCloseTo(1, 12);
    expect(pose[6]).toBeCloseTo(-1, 12);
  });
});
