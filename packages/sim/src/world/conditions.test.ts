import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { airOf, conditions, drawCondition, lightOf } from './conditions.js';

describe('conditions', () => {
  it('are drawn from those asked for, about as often as in nuScenes', () => {
    const random = createRandom(1);
    const counts = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const drawn = drawCondition(conditions, random);
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([...conditions].sort());
    expect((counts.get('night') ?? 0) / 4000).toBeCloseTo(0.12, 1);
    expect((counts.get('rain') ?? 0) / 4000).toBeCloseTo(0.17, 1);
    for (let i = 0; i < 50; i++) expect(['fog', 'dusk']).toContain(drawCondition(['fog', 'dusk'], random));
  });

  it('differ from one another and within themselves', () => {
    const random = createRandom(2);
    const heights = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const [clear, fog, dusk, night] = (['clear', 'fog', 'dusk', 'night'] as const).map((condition) => {
        const air = airOf(condition, random);
        return { air, light: lightOf(condition, air, random) };
      });
      heights.add(Math.round(clear.light.sun[2] * 10));
      expect(fog.air.visibility).toBeLessThan(200);
      // Koschmieder: 5 % of the contrast is left at the visibility.
      expect(0.5 ** (fog.air.visibility / fog.light.haze)).toBeCloseTo(0.05, 2);
      expect(dusk.light.sun[2]).toBeLessThan(clear.light.sun[2]);
      expect(night.light.sunColor[0]).toBe(0);
      expect(Math.hypot(...clear.light.sun)).toBeCloseTo(1, 9);
    }
    expect(heights.size).toBeGreaterThan(4);
  });
});
