import { expect, it } from '@jest/globals';
import { projectPoints } from '@nerfseg/geometry';
import { nuscenesLabelSpace } from '../labels/nuscenes.js';
import { loadLabelled } from '../selection/load-labelled.js';
import { describeReal, real } from '../testing/real-data.test.helper.js';
import { get } from '../testing/scene.test.helper.js';
import { openNuScenes } from './open-nuscenes.js';

describeReal('the real nuScenes key frame', () => {
  it('has the points, labels and cameras that it should', async () => {
    const dataset = await get(openNuScenes({ root: real('nuscenes'), split: 'mini_train' }));
    expect(dataset.length).toBe(1);
    const frame = dataset.frame(0);
    expect(frame.id).toBe('ca9a282c9e77460f8360f564131a8af5');
    expect(frame.sequence).toBe('scene-0061');
    const { points, labels } = await get(loadLabelled(frame));
    expect(points.intensity).toHaveLength(34_688);
    expect(labels.filter((label) => label > 0)).toHaveLength(984);
    expect(points.intensity.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(points.ring!.reduce((a, b) => Math.max(a, b))).toBe(31);
    expect(frame.cameras.map((c) => c.name)).toEqual([
      'CAM_FRONT',
      'CAM_FRONT_RIGHT',
      'CAM_BACK_RIGHT',
      'CAM_BACK',
      'CAM_BACK_LEFT',
      'CAM_FRONT_LEFT',
    ]);
    for (const camera of frame.cameras) {
      const { shape } = await get(camera.image());
      expect(shape).toEqual([900, 1600, 3]);
    }
  });

  it('knows how far the car moved between each shutter and the sweep', async () => {
    const dataset = await get(openNuScenes({ root: real('nuscenes') }));
    const { cameras } = dataset.frame(0);
    const moved = cameras.map(({ cameraFromLidar, cameraFromLidarMount }) =>
      Math.hypot(...[12, 13, 14].map((e) => cameraFromLidar[e] - cameraFromLidarMount[e])),
    );
    expect(Math.min(...moved)).toBeCloseTo(0.005, 3);
    expect(Math.max(...moved)).toBeCloseTo(0.401, 3);
  });

  it('projects the truck ahead onto the truck', async () => {
    const dataset = await get(openNuScenes({ root: real('nuscenes') }));
    const [front] = dataset.frame(0).cameras;
    const { points, labels } = await get(loadLabelled(dataset.frame(0)));
    const { u, v, depth, visible } = projectPoints(points.positions, front.cameraFromLidar, front);
    const truck = nuscenesLabelSpace.names.indexOf('truck');
    const hits = [...labels.keys()].filter((i) => labels[i] === truck && visible[i] && depth[i] < 25);
    expect(hits.length).toBeGreaterThan(200);
    // Where the truck is in the picture, measured by eye.
    for (const i of hits) {
      expect(u[i]).toBeGreaterThan(120);
      expect(u[i]).toBeLessThan(605);
      expect(v[i]).toBeGreaterThan(215);
      expect(v[i]).toBeLessThan(625);
    }
  });
});
