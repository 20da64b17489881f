import { describe, expect, it } from '@jest/globals';
import { isRigid } from '@nerfseg/geometry';
import { createRoad, placeOnRoad } from './road.js';

const road = createRoad({
  begin: -50,
  end: 150,
  origin: [3, 4],
  bends: [{ start: 20, length: 90, amount: 0.8 }],
  rises: [{ start: 0, length: 80, amount: 2 }],
});

describe('road', () => {
  it('starts at its origin and is as long as it says', () => {
    const p = { x: 0, y: 0 };
    const q = { x: 0, y: 0 };
    road.pointAt(0, 0, p);
    expect([p.x, p.y]).toEqual([3, 4]);
    let length = 0;
    for (let i = 0; i < 1400; i++) {
      road.pointAt(i / 10, 0, p);
      road.pointAt((i + 1) / 10, 0, q);
      length += Math.hypot(q.x - p.x, q.y - p.y);
    }
    expect(length).toBeCloseTo(140, 1);
  });

  it('gives rigid poses that follow its slope', () => {
    for (const [s, yaw] of [
      [0, 0],
      [40, Math.PI],
      [70, 0.4],
    ]) {
      const pose = placeOnRoad(road, s, -2, 0, yaw, false, new Float64Array(16));
      expect(isRigid(pose, 1e-12)).toBe(true);
      const climb = pose[2] * Math.cos(yaw);
      expect(Math.sign(climb) * Number(Math.abs(climb) > 1e-9)).toBe(Math.sign(road.slopeAt(s)));
    }
  });
});
