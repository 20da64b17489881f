import { describe, expect, it } from '@jest/globals';
import type { FrameRequest } from './frame-source.js';
import { shareOut } from './frame-source.js';
import type { PlannedScene } from './scene-plan.js';

const scenes = (count: number, frames: number): FrameRequest[] =>
  Array.from({ length: count }, (_, index) => ({ index }) as PlannedScene).flatMap((scene) =>
    Array.from({ length: frames }, (_, index) => ({ scene, index })),
  );

describe('shareOut', () => {
  it('keeps a short scene on one thread, and gives all threads the same number of frames', () => {
    const threads = shareOut(scenes(6, 4), 3, 8);
    for (let scene = 0; scene < 6; scene++) {
      expect(new Set(threads.slice(scene * 4, scene * 4 + 4)).size).toBe(1);
    }
    expect([0, 1, 2].map((thread) => threads.filter((t) => t === thread).length)).toEqual([8, 8, 8]);
  });

  it('takes turns within a scene that is long', () => {
    expect(shareOut(scenes(1, 10), 2, 3)).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 1]);
  });

  it('leaves no thread idle where scenes are fewer than threads', () => {
    expect(shareOut(scenes(1, 4), 4, 8)).toEqual([0, 1, 2, 3]);
    expect(shareOut(scenes(2, 3), 4, 8)).toEqual([0, 0, 1, 2, 2, 3]);
  });

  it('evens out scenes that turns do not divide', () => {
    const threads = shareOut(scenes(20, 5), 2, 4);
    expect(Math.abs(threads.filter((t) => t === 0).length - 50)).toBeLessThanOrEqual(4);
  });
});
