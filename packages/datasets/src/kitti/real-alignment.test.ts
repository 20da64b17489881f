import { expect, it } from '@jest/globals';
import { composePoses, invertPose, splitProjection, transformPoints } from '@nerfseg/geometry';
import { bestShift, edgeAlignment, type SeenScan } from '../testing/edge-alignment.test.helper.js';
import { describeReal, real } from '../testing/real-data.test.helper.js';
import { get, rightOf } from '../testing/scene.test.helper.js';
import { openSemanticKitti } from './open-semantic-kitti.js';
import { numbersOf, readLines } from './read-numbers.js';

describeReal('KITTI: points and pixels, scans and poses', () => {
  const open = () => get(openSemanticKitti({ root: real('semantickitti'), split: 'train' }));

  it('objects end in the scan where they end in the picture, through P3 and not through P2', async () => {
    const dataset = await open();
    const scans: SeenScan[] = [];
    for (let i = 0; i < 11; i += 3) {
      const frame = dataset.frame(i);
      const [camera] = frame.cameras;
      const { cameraFromLidar } = camera;
      scans.push({
        points: await get(frame.points()),
        camera,
        cameraFromLidar,
        picture: await get(camera.image()),
      });
    }
    const aligned = edgeAlignment(scans);
    expect(Math.abs(bestShift(aligned, 8))).toBeLessThanOrEqual(2);
    expect(aligned(0)).toBeGreaterThan(1.25 * aligned(-6));
    expect(aligned(0)).toBeGreaterThan(1.15 * aligned(8));

    const calib = real('semantickitti/sequences/00/calib.txt');
    const lines = await readLines(calib);
    const projection = (name: string) =>
      rightOf(
        splitProjection(numbersOf(lines.find((line) => line.startsWith(name))!.slice(3), calib, name), calib),
      );
    const [p2, p3] = [projection('P2:'), projection('P3:')];
    const throughP2 = edgeAlignment(
      scans.map((scan) => ({
        ...scan,
        camera: { ...scan.camera, intrinsics: p2.intrinsics },
        cameraFromLidar: composePoses(
          p2.cameraFromReference,
          invertPose(p3.cameraFromReference),
          scan.cameraFromLidar,
        ),
      })),
    );
    expect(aligned(0)).toBeGreaterThan(1.4 * throughP2(0));
  });

  it('the poses put scan 10 onto scan 0', async () => {
    const dataset = await open();
    const [first, last] = [dataset.frame(0), dataset.frame(10)];
    const target = (await get(first.points())).positions;
    const moved = composePoses(invertPose(first.globalFromLidar), last.globalFromLidar);
    // Ten scans in a second, at some 8 m/s.
    expect(moved[12]).toBeGreaterThan(5);
    const cell = (x: number, y: number, z: number) =>
      `${Math.floor(x / 2)} ${Math.floor(y / 2)} ${Math.floor(z / 2)}`;
    const cells = new Map<string, number[]>();
    for (let p = 0; p < target.length; p += 3) {
      const key = cell(target[p], target[p + 1], target[p + 2]);
      const there = cells.get(key);
      if (there) there.push(p);
      else cells.set(key, [p]);
    }
    // Distances to the nearest point, 2 m at most, of what stands upright: the ground fits onto itself anywhere.
    const fit = (positions: Float32Array): number => {
      const distances: number[] = [];
      for (let p = 0; p < positions.length; p += 3 * 101) {
        const [x, y, z] = positions.subarray(p, p + 3);
        if (z < -1 || Math.hypot(x, y) > 30) continue;
        let nearest = 4;
        for (let a = -2; a <= 2; a += 2)
          for (let b = -2; b <= 2; b += 2)
            for (let c = -2; c <= 2; c += 2)
              for (const q of cells.get(cell(x + a, y + b, z + c)) ?? [])
                nearest = Math.min(
                  nearest,
                  (target[q] - x) ** 2 + (target[q + 1] - y) ** 2 + (target[q + 2] - z) ** 2,
                );
        distances.push(Math.sqrt(nearest));
      }
      return distances.sort((a, b) => a - b)[distances.length >> 1];
    };
    const { positions } = await get(last.points());
    const [chained, unmoved] = [fit(transformPoints(moved, positions)), fit(positions)];
    expect(chained).toBeLessThan(0.3);
    expect(unmoved).toBeGreaterThan(2 * chained);
  });
});
