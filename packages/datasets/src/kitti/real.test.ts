import { expect, it } from '@jest/globals';
import { invertPose, projectPoints, transformPoints } from '@nerfseg/geometry';
import { semanticKittiLabelSpace } from '../labels/semantic-kitti.js';
import { loadLabelled } from '../selection/load-labelled.js';
import { describeReal, real } from '../testing/real-data.test.helper.js';
import { get } from '../testing/scene.test.helper.js';
import { openSemanticKitti } from './open-semantic-kitti.js';

const classOf = (name: string): number => semanticKittiLabelSpace.names.indexOf(name);

describeReal('the real SemanticKITTI frames', () => {
  const open = () => get(openSemanticKitti({ root: real('semantickitti'), split: 'train' }));

  it('has the frames, points, labels and the right colour camera', async () => {
    const dataset = await open();
    expect(dataset.length).toBe(11);
    expect(dataset.frame(10).id).toBe('00/000010');
    expect(dataset.frame(1).timestamp).toBe(103_736);
    const { points, labels } = await get(loadLabelled(dataset.frame(0)));
    expect(points.intensity).toHaveLength(124_668);
    expect(points.intensity.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(labels.filter((label) => label === classOf('road')).length).toBeGreaterThan(20_000);
    expect(await get(dataset.frame(3).labels())).toMatchObject({ _tag: 'None' });
    for (let i = 0; i < 11; i++) {
      const [camera] = dataset.frame(i).cameras;
      expect(camera.name).toBe('image_3');
      expect([camera.width, camera.height]).toEqual([1241, 376]);
    }
    expect((await get(dataset.frame(0).cameras[0].image())).shape).toEqual([376, 1241, 3]);
  });

  it('reads the partial labels, which agree with the full ones where they are', async () => {
    const full = await open();
    const partial = await get(
      openSemanticKitti({ root: real('semantickitti'), labelsFolder: 'labels_partial' }),
    );
    for (const i of [0, 1, 2]) {
      const a = await get(loadLabelled(full.frame(i)));
      const b = await get(loadLabelled(partial.frame(i)));
      const known = [...b.labels.keys()].filter((p) => b.labels[p] > 0);
      expect(known.length / b.labels.length).toBeGreaterThan(0.3);
      expect(known.filter((p) => a.labels[p] !== b.labels[p])).toHaveLength(0);
    }
    expect(await get(partial.frame(5).labels())).toMatchObject({ _tag: 'Some' });
  });

  it('projects objects onto themselves, through P3', async () => {
    const dataset = await open();
    const [camera] = dataset.frame(0).cameras;
    const { points, labels } = await get(loadLabelled(dataset.frame(0)));
    const { u, v, depth, visible } = projectPoints(points.positions, camera.cameraFromLidar, camera);
    // Boxes in the picture, measured by eye: the parked car to the right, the sign's pole before it.
    const inside = (name: string, near: number, far: number, box: readonly number[]): number => {
      const hits = [...labels.keys()].filter(
        (i) => labels[i] === classOf(name) && visible[i] && depth[i] > near && depth[i] < far && u[i] > 680,
      );
      expect(hits.length).toBeGreaterThan(50);
      const within = hits.filter((i) => u[i] > box[0] && u[i] < box[2] && v[i] > box[1] && v[i] < box[3]);
      return within.length / hits.length;
    };
    expect(inside('car', 3, 12, [712, 185, 948, 330])).toBeGreaterThan(0.99);
    expect(inside('pole', 3, 8, [1100, 60, 1140, 376])).toBeGreaterThan(0.95);
    // The right camera is half a metre to the right of camera 0: near things lie far to the left of where P0 has them.
    expect(camera.cameraFromLidar[12]).toBeCloseTo(-0.483, 2);
  });

  it('puts what stands still in one place through the poses', async () => {
    const dataset = await open();
    const trunks = async (i: number) => {
      const frame = dataset.frame(i);
      const { points, labels } = await get(loadLabelled(frame));
      const global = transformPoints(frame.globalFromLidar, points.positions);
      const [sum, count] = [[0, 0], { n: 0 }];
      labels.forEach((label, p) => {
        const [x, y] = [global[p * 3], global[p * 3 + 1]];
        if (label !== classOf('trunk') || Math.hypot(x - 16, y) > 14) return;
        sum[0] += x;
        sum[1] += y;
        count.n++;
      });
      return sum.map((s) => s / count.n);
    };
    const [[x0, y0], [x2, y2]] = [await trunks(0), await trunks(2)];
    const driven = invertPose(dataset.frame(2).globalFromLidar)[12];
    expect(Math.abs(driven)).toBeGreaterThan(1.5);
    expect(Math.hypot(x2 - x0, y2 - y0)).toBeLessThan(0.5);
  });
});
