import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cameraFromLidarChain } from '../cameras/camera-from-lidar-chain.js';
import { pinholeCamera } from '../cameras/pinhole-camera.js';
import { projectPoints } from '../cameras/project-points.js';
import { splitProjection } from '../cameras/split-projection.js';
import { cylindricalGrid, type GridPreset } from '../grids/cylindrical-grid.js';
import { devoxelize } from '../grids/devoxelize.js';
import { voxelLabels } from '../grids/voxel-labels.js';
import { voxelize } from '../grids/voxelize.js';
import { composePoses } from '../poses/compose-poses.js';
import { invertPose } from '../poses/invert-pose.js';
import { poseFromQuaternion } from '../poses/pose-from-quaternion.js';
import { poseFromRows34 } from '../poses/pose-from-rows34.js';
import type { CellInterval, PointCloud, Pose } from '../types.js';
import { hasRealData, readPoints, realData } from './real-data.test.helper.js';

const get = <A>(result: { _tag: 'Right'; right: A } | { _tag: 'Left'; left: unknown }): A => {
  if (result._tag === 'Left') throw new Error(JSON.stringify(result.left));
  return result.right;
};
const text = (relative: string): string => readFileSync(path.join(realData, relative), 'utf8');
const numbers = (line: string): number[] => line.trim().split(/\s+/).map(Number);

const voxels = (
  points: PointCloud,
  preset: GridPreset,
  shape: [number, number, number],
  interval: CellInterval,
): number => get(voxelize(points, cylindricalGrid(preset, { shape, interval }))).coords.length / 3;

const kitti = 'semantickitti/sequences/00';
const kittiPoints = (frame: string): PointCloud => readPoints(`${kitti}/velodyne/${frame}.bin`, 4);
const withKitti = hasRealData(`${kitti}/velodyne/000000.bin`) ? describe : describe.skip;

withKitti('KITTI, sequence 00', () => {
  it('fills as many voxels as the released Cylinder3D counts, with its intervals and clamping', () => {
    const points = kittiPoints('000000');
    expect(points.intensity).toHaveLength(124668);
    expect(voxels(points, 'semantickitti', [480, 360, 32], 'released')).toBe(38576);
    expect(voxels(points, 'semantickitti', [240, 180, 20], 'released')).toBe(17918);
    // The cells of range / shape are a little smaller, so there are more.
    expect(voxels(points, 'semantickitti', [480, 360, 32], 'plain')).toBe(39046);
    expect(voxels(points, 'semantickitti', [240, 180, 20], 'plain')).toBe(18218);
  });

  it('loses few labels in the voxels', () => {
    const scan = get(voxelize(kittiPoints('000000'), cylindricalGrid('semantickitti')));
    const raw = readFileSync(path.join(realData, kitti, 'labels/000000.label'));
    // The semantic id is the lower half of each uint32; its remainder serves as a class here.
    const labels = Uint8Array.from({ length: raw.length / 4 }, (_, n) => raw.readUInt16LE(n * 4) % 256);
    const again = devoxelize(scan, voxelLabels(scan, labels, 256));
    const kept = again.filter((label, n) => label === labels[n]).length / labels.length;
    expect(kept).toBeGreaterThan(0.97);
  });

  it('projects as its own 3x4 matrices do', () => {
    const lines = text(`${kitti}/calib.txt`).split('\n');
    const row = (name: string): number[] =>
      numbers(lines.find((line) => line.startsWith(`${name}:`))!.slice(name.length + 1));
    const p3 = row('P3');
    const rectifiedFromLidar = get(poseFromRows34(row('Tr'), 'calib.txt Tr'));
    const { intrinsics, cameraFromReference } = get(splitProjection(p3, 'calib.txt P3'));
    const camera = get(pinholeCamera(1241, 376, intrinsics, 'calib.txt P3'));
    const { positions } = kittiPoints('000000');
    const seen = projectPoints(positions, composePoses(cameraFromReference, rectifiedFromLidar), camera);
    const visible = seen.visible.reduce((sum, one) => sum + one, 0);
    expect(visible).toBeGreaterThan(15000);
    expect(visible).toBeLessThan(25000);
    for (let n = 0; n < seen.u.length; n += 97) {
      if (seen.visible[n] === 0) continue;
      const [x, y, z] = positions.subarray(n * 3, n * 3 + 3);
      const t = rectifiedFromLidar;
      const q = [0, 1, 2].map((r) => t[r] * x + t[4 + r] * y + t[8 + r] * z + t[12 + r]);
      const h = [0, 4, 8].map((r) => p3[r] * q[0] + p3[r + 1] * q[1] + p3[r + 2] * q[2] + p3[r + 3]);
      expect(Math.abs(seen.u[n] - h[0] / h[2])).toBeLessThan(1e-3);
      expect(Math.abs(seen.v[n] - h[1] / h[2])).toBeLessThan(1e-3);
    }
  });

  it('reads every ground-truth pose as a rotation', () => {
    const lines = text(`${kitti}/poses_gt_cam0.txt`).trim().split('\n');
    for (const [i, line] of lines.entries())
      expect(poseFromRows34(numbers(line), `poses_gt_cam0.txt line ${i + 1}`)._tag).toBe('Right');
  });
});

interface Row {
  readonly token: string;
  readonly translation: number[];
  readonly rotation: number[];
  readonly camera_intrinsic: number[][];
  readonly filename: string;
  readonly ego_pose_token: string;
  readonly calibrated_sensor_token: string;
  readonly width: number;
  readonly height: number;
}
const withNuscenes = hasRealData('nuscenes/v1.0-mini/sample_data.json') ? describe : describe.skip;

withNuscenes('nuScenes, one keyframe', () => {
  const table = (name: string): Map<string, Row> => {
    const rows: Row[] = JSON.parse(text(`nuscenes/v1.0-mini/${name}.json`));
    return new Map(rows.map((row) => [row.token, row]));
  };
  const poseOf = (row: Row): Pose => get(poseFromQuaternion(row.translation, row.rotation, row.token));

  it('chains its calibrations: the cameras stand around the LiDAR and see the points between them', () => {
    const [data, egoPoses, sensors] = ['sample_data', 'ego_pose', 'calibrated_sensor'].map(table);
    const samples = [...data.values()].filter((row) => row.filename.startsWith('samples/'));
    const lidar = samples.find((row) => row.filename.includes('LIDAR_TOP'))!;
    const { positions } = readPoints(`nuscenes/${lidar.filename}`, 5, 255);
    const cameras = samples.filter((row) => row.filename.includes('CAM_'));
    expect(cameras).toHaveLength(6);
    const seenBy = new Uint8Array(positions.length / 3);
    for (const row of cameras) {
      const sensor = sensors.get(row.calibrated_sensor_token)!;
      const camera = get(pinholeCamera(row.width, row.height, sensor.camera_intrinsic.flat(), row.token));
      const atCamera = poseOf(egoPoses.get(row.ego_pose_token)!);
      const atLidar = poseOf(egoPoses.get(lidar.ego_pose_token)!);
      const moved = composePoses(invertPose(atCamera), atLidar);
      expect(Math.hypot(moved[12], moved[13], moved[14])).toBeLessThan(0.5);
      const cameraFromLidar = cameraFromLidarChain({
        egoFromCamera: poseOf(sensor),
        globalFromEgoAtCamera: atCamera,
        globalFromEgoAtLidar: atLidar,
        egoFromLidar: poseOf(sensors.get(lidar.calibrated_sensor_token)!),
      });
      const camerasPlace = invertPose(cameraFromLidar);
      expect(Math.hypot(camerasPlace[12], camerasPlace[13], camerasPlace[14])).toBeLessThan(2.5);
      const seen = projectPoints(positions, cameraFromLidar, camera);
      expect(seen.visible.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(1500);
      seen.visible.forEach((one, n) => {
        seenBy[n] += one;
      });
    }
    // Six cameras cover the circle with little overlap; the rest of the beams go above, below or hit the car itself.
    expect(seenBy.filter((views) => views > 0).length / seenBy.length).toBeGreaterThan(0.4);
    expect(Math.max(...seenBy)).toBeLessThanOrEqual(2);
  });

  it('fills this many voxels', () => {
    const file = [...table('sample_data').values()].find((row) =>
      row.filename.includes('LIDAR_TOP'),
    )!.filename;
    const points = readPoints(`nuscenes/${file}`, 5, 255);
    expect(points.intensity).toHaveLength(34688);
    expect(voxels(points, 'nuscenes', [480, 360, 32], 'released')).toBe(14967);
    expect(voxels(points, 'nuscenes', [240, 180, 20], 'released')).toBe(8680);
  });
});
