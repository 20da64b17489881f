import { describe, expect, it } from '@jest/globals';
import { createRandom, isRigid } from '@nerfseg/geometry';
import { semanticNames } from '../semantics.js';
import { worldKinds } from './street-profile.js';
import { createWorld, egoPoseAt, type World } from './world.js';

const worlds: readonly World[] = worldKinds.map((kind) =>
  createWorld({ kind, seconds: 3, effort: 'quick' }, createRandom('worlds').fork(kind)),
);

describe('createWorld', () => {
  it('is the same for the same seed and another for another', () => {
    const make = (seed: number): World =>
      createWorld({ kind: 'country', seconds: 1, effort: 'quick' }, createRandom(seed));
    const [a, b, c] = [make(5), make(5), make(6)];
    expect(a.ground.mesh.positions).toEqual(b.ground.mesh.positions);
    expect(a.objects).toEqual(b.objects);
    expect(a.light).toEqual(b.light);
    expect(c.ground.mesh.count === a.ground.mesh.count && c.light.sun[0] === a.light.sun[0]).toBe(false);
  });

  it('has every kind of thing over a few scenes', () => {
    const seen = new Set<number>();
    for (const world of worlds) {
      for (const id of world.ground.mesh.semantic) seen.add(id);
      for (const mover of world.movers) for (const id of mover.postures[0]().mesh.semantic) seen.add(id);
    }
    expect(semanticNames.filter((name, id) => id > 0 && name !== 'droplet' && !seen.has(id))).toEqual([]);
  });

  it('gives every triangle an object that exists', () => {
    for (const world of worlds) {
      expect(Math.max(...new Set(world.ground.mesh.object))).toBeLessThanOrEqual(world.objects.length);
      expect(world.ground.mesh.positions.every(Number.isFinite)).toBe(true);
      expect(world.ground.mesh.normals.every(Number.isFinite)).toBe(true);
    }
  });

  it('drives the measuring car on rigid poses along its lane', () => {
    const pose = new Float64Array(16);
    for (const world of worlds) {
      for (let time = -0.1; time <= 3; time += 0.05) {
        expect(isRigid(egoPoseAt(world, time, pose), 1e-9)).toBe(true);
      }
    }
  });
});
