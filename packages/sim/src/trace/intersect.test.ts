import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { BufferAttribute, BufferGeometry, DoubleSide, Matrix4, Ray, SphereGeometry, Vector3 } from 'three';
import { MeshBVH } from 'three-mesh-bvh';
import { materialId } from '../materials.js';
import { buildBvh } from './bvh.js';
import { createHit, createRay, intersectBvh } from './intersect.js';
import { createMeshBuilder, type Mesh } from './mesh.js';
import { createTraceScene, moveTo, traceRay } from './scene.js';

const surface = { material: materialId.plain, color: [200, 100, 50], semantic: 3, object: 7 } as const;

const soup = (seed: number, spheres: number): Mesh => {
  const random = createRandom(seed);
  const builder = createMeshBuilder();
  for (let i = 0; i < spheres; i++) {
    const matrix = new Matrix4().makeTranslation(
      random.normal() * 5,
      random.normal() * 5,
      random.normal() * 5,
    );
    builder.add(new SphereGeometry(0.2 + random.next(), 8, 6), matrix, surface);
  }
  return builder.build();
};

const aim = (ray: Float64Array, from: Vector3, to: Vector3): void => {
  const direction = to.clone().sub(from).normalize();
  ray.set([from.x, from.y, from.z, direction.x, direction.y, direction.z, 1e-6, 1e3]);
};

describe('intersectBvh', () => {
  it('finds what three-mesh-bvh finds', () => {
    const mesh = soup(1, 40);
    const bvh = buildBvh(mesh);
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(mesh.positions, 3));
    const reference = new MeshBVH(geometry);
    const random = createRandom(2);
    const ray = createRay();
    const hit = createHit();
    let hits = 0;
    for (let i = 0; i < 1200; i++) {
      const from = new Vector3(random.normal(), random.normal(), random.normal()).multiplyScalar(9);
      const to = new Vector3(random.normal(), random.normal(), random.normal()).multiplyScalar(4);
      aim(ray, from, to);
      const found = intersectBvh(bvh, ray, hit, false);
      const expected = reference.raycastFirst(new Ray(from, to.clone().sub(from).normalize()), DoubleSide);
      expect(found).toBe(expected !== null);
      if (expected) {
        hits++;
        expect(hit[0]).toBeCloseTo(expected.distance, 4);
        expect(ray[7]).toBe(hit[0]);
      }
      aim(ray, from, to);
      expect(intersectBvh(bvh, ray, hit, true)).toBe(found);
    }
    expect(hits).toBeGreaterThan(100);
  });

  it('keeps every triangle and its description through reordering', () => {
    const mesh = soup(3, 10);
    const bvh = buildBvh(mesh);
    const sorted = (m: Mesh): number[] =>
      Array.from({ length: m.count }, (_, t) => m.positions[t * 9] + 2 * m.positions[t * 9 + 4]).sort(
        (a, b) => a - b,
      );
    expect(sorted(bvh.mesh)).toEqual(sorted(mesh));
    expect(bvh.mesh.object.every((id) => id === 7)).toBe(true);
  });

  it('lets some rays through foliage, and always the same ones', () => {
    const builder = createMeshBuilder();
    builder.quad([-5, -5, 0, 5, -5, 0, 5, 5, 0, -5, 5, 0], { ...surface, material: materialId.foliage });
    const bvh = buildBvh(builder.build());
    const random = createRandom(4);
    const ray = createRay();
    const hit = createHit();
    let hits = 0;
    for (let i = 0; i < 500; i++) {
      const [x, y] = [random.next() * 8 - 4, random.next() * 8 - 4];
      const outcomes = [0, 1].map(() => {
        ray.set([x, y, 3, 0, 0, -1, 0, 10]);
        return intersectBvh(bvh, ray, hit, false);
      });
      expect(outcomes[0]).toBe(outcomes[1]);
      if (outcomes[0]) hits++;
    }
    expect(hits).toBeGreaterThan(250);
    expect(hits).toBeLessThan(480);
  });

  it('refuses an empty mesh', () => {
    expect(() => buildBvh(createMeshBuilder().build())).toThrow(RangeError);
  });
});

describe('traceRay', () => {
  it('meets a mover where it is at that time', () => {
    const ground = createMeshBuilder();
    ground.quad([-50, -50, 0, 50, -50, 0, 50, 50, 0, -50, 50, 0], surface);
    const ball = createMeshBuilder();
    ball.add(new SphereGeometry(1, 32, 24), new Matrix4(), { ...surface, object: 9 });
    const moving = buildBvh(ball.build());
    const scene = createTraceScene(buildBvh(ground.build()), [
      {
        postures: [() => moving],
        poseAt: (time, out) => out.set([0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 10 * time, 0, 1, 1]),
      },
    ]);
    const ray = createRay();
    const hit = createHit();
    for (const [time, x, mover] of [
      [0, 0, 0],
      [1, 0, -1],
      [1, 10, 0],
    ]) {
      moveTo(scene, time);
      ray.set([x, 0, 20, 0, 0, -1, 0, 100]);
      expect(traceRay(scene, ray, hit, false)).toBe(true);
      expect(hit[2]).toBe(mover);
      expect(hit[0]).toBeCloseTo(mover === 0 ? 18 : 20, 2);
    }
  });
});
