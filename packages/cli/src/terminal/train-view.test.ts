import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { LossRecord } from '@nerfseg/ssl';
import { lineTrainView, liveTrainView, shares, sparkline } from './train-view.js';

const record = (step: number): LossRecord => ({
  step,
  losses: { total: 10 - step, labels: 1, gradientNorm: 2 },
  learningRate: 0.01,
  frames: [],
  seconds: { forward: 1, backward: 3 },
});

describe('a training run on a terminal', () => {
  it('lines: the first step, the last, one every ten seconds, and every validation', () => {
    let time = 0;
    let text = '';
    const view = lineTrainView(
      (more) => (text += more),
      10,
      () => time,
    )('nerf', 9);
    for (let step = 1; step <= 9; step++) {
      if (step < 3) view.masks(step);
      view.step(record(step));
      time += 4;
    }
    view.validation({ step: 9, pointMiou: 0.5, voxelMiou: 0.25 });
    view.stop();
    expect(text.split('\n')).toEqual([
      'train nerf: masks of 1 picture made on the way, 1.0 s each',
      'train nerf: 1/9  loss 9.00  labels 1.00',
      'train nerf: 4/9  loss 6.00  labels 1.00',
      'train nerf: 7/9  loss 3.00  labels 1.00',
      'train nerf: 9/9  loss 1.00  labels 1.00',
      'train nerf: after 9 steps mIoU 50.0 % of points, 25.0 % of voxels',
      'train nerf: masks of 2 pictures made on the way, 1.5 s each',
      '',
    ]);
  });

  it('live: draws over itself, not more often than it may, and never wider than the terminal', () => {
    let time = 0;
    const writes: string[] = [];
    const stream = Object.assign(
      new Writable({
        write: (chunk, _encoding, done) => {
          writes.push(String(chunk));
          done();
        },
      }),
      { columns: 60 },
    );
    const view = liveTrainView(stream, 0.2, () => time)('nerf', 100);
    for (let step = 1; step <= 20; step++) {
      view.step(record(step));
      time += 0.05;
    }
    expect(writes.length).toBeLessThanOrEqual(6);
    expect(writes[0]).not.toContain('\x1b[4A');
    expect(writes[1]!.startsWith('\x1b[4A')).toBe(true);
    const plain = writes
      .at(-1)!
      .split('\x1b')
      .map((part) => part.replace(/^\[\d+[AK]/, ''))
      .join('');
    const lines = plain.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line.length).toBeLessThan(60);
    expect(lines[3]).toBe('  time forward 25 %  backward 75 %');
    view.validation({ step: 20, pointMiou: 0.5, voxelMiou: 0.25 });
    expect(writes.at(-1)).toContain('after 20 steps mIoU 50.0 %');
    time += 1;
    view.masks(3);
    expect(writes.at(-1)).toContain('masks of 1 picture made on the way, 3.0 s each');
  });

  it('live: says from the first step on how long a step takes', () => {
    let text = '';
    const stream = Object.assign(
      new Writable({
        write: (chunk, _encoding, done) => {
          text = String(chunk);
          done();
        },
      }),
      { columns: 100 },
    );
    const view = liveTrainView(stream, 0)('nerf', 100);
    view.step(record(41));
    expect(text).toContain('41/100  3 min 56 s left, 4.00 s a step');
    view.step(record(42));
    expect(text).toContain('42/100  3 min 52 s left, 4.00 s a step');
  });

  it('live: cuts nothing off on a terminal without a size', () => {
    let text = '';
    const stream = Object.assign(
      new Writable({
        write: (chunk, _encoding, done) => {
          text += String(chunk);
          done();
        },
      }),
      { columns: 0 },
    );
    liveTrainView(stream, 0)('nerf', 100).step(record(41));
    expect(text).toContain('  time forward 25 %  backward 75 %\n');
  });

  it('bars and shares', () => {
    expect(sparkline([3, 2, 1, 0], 4)).toBe('█▆▃▁');
    expect(sparkline([4, 2, 1, 1], 2)).toBe('█▁');
    expect(sparkline([1, 1], 4)).toBe('▁▁');
    expect(shares({ data: 1, forward: 1, backward: 2 })).toBe('data 25 %  forward 25 %  backward 50 %');
  });
});
