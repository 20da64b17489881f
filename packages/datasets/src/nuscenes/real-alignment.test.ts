import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { transformPoints } from '@nerfseg/geometry';
import { edgeAlignment } from '../testing/edge-alignment.test.helper.js';
import { describeReal, real } from '../testing/real-data.test.helper.js';
import { get } from '../testing/scene.test.helper.js';
import { openNuScenes } from './open-nuscenes.js';

interface Mounted {
  readonly token: string;
  readonly translation: number[];
  readonly rotation: number[];
}

/** q p q* + t, written out: no code of this package. */
const place = ({ rotation: [w, x, y, z], translation }: Mounted, p: ArrayLike<number>): number[] => {
  const t = [y * p[2] - z * p[1], z * p[0] - x * p[2], x * p[1] - y * p[0]].map((c) => 2 * c);
  return [
    p[0] + w * t[0] + y * t[2] - z * t[1] + translation[0],
    p[1] + w * t[1] + z * t[0] - x * t[2] + translation[1],
    p[2] + w * t[2] + x * t[1] - y * t[0] + translation[2],
  ];
};

describeReal('nuScenes: ego-motion between the shutters and the sweep', () => {
  const open = () => get(openNuScenes({ root: real('nuscenes') }));
  const table = async <Row>(name: string): Promise<Row[]> =>
    JSON.parse(await readFile(real('nuscenes/v1.0-mini', `${name}.json`), 'utf8'));

  it('keeps every point in its place in the world, by the tables alone', async () => {
    const frame = (await open()).frame(0);
    const data = await table<{ filename: string; ego_pose_token: string; calibrated_sensor_token: string }>(
      'sample_data',
    );
    const egos = new Map((await table<Mounted>('ego_pose')).map((row) => [row.token, row]));
    const mounts = new Map((await table<Mounted>('calibrated_sensor')).map((row) => [row.token, row]));
    const inWorld = (filename: string, p: ArrayLike<number>): number[] => {
      const row = data.find((one) => filename.endsWith(one.filename))!;
      return place(egos.get(row.ego_pose_token)!, place(mounts.get(row.calibrated_sensor_token)!, p));
    };
    const lidar = data.find((row) => row.filename.includes('samples/LIDAR_TOP'))!.filename;
    const { positions } = await get(frame.points());
    for (const camera of frame.cameras)
      for (let p = 0; p < positions.length; p += 3 * 997) {
        const point = Float64Array.from(positions.subarray(p, p + 3));
        const expected = inWorld(lidar, point);
        const found = inWorld(camera.imagePath, transformPoints(camera.cameraFromLidar, point));
        for (let axis = 0; axis < 3; axis++) expect(found[axis]).toBeCloseTo(expected[axis], 6);
      }
  });

  it('fits points and pixels better with the ego poses than without', async () => {
    const frame = (await open()).frame(0);
    const points = await get(frame.points());
    const scans = await Promise.all(
      frame.cameras.map(async (camera) => ({ points, camera, picture: await get(camera.image()) })),
    );
    const alignment = (of: 'cameraFromLidar' | 'cameraFromLidarMount') =>
      edgeAlignment(scans.map((scan) => ({ ...scan, cameraFromLidar: scan.camera[of] })));
    expect(alignment('cameraFromLidar')(0)).toBeGreaterThan(1.15 * alignment('cameraFromLidarMount')(0));
  });
});
