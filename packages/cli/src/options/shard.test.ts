import { expect, it } from '@jest/globals';
import { scheduledShard, shardOf } from './shard.js';

it('reads --shard', () => {
  expect(shardOf('3/8')).toMatchObject({ index: 2, count: 8 });
  for (const text of ['0/8', '9/8', '1', 'a/b', '1/0']) expect(() => shardOf(text)).toThrow('I/N');
});

it('takes its part from Slurm and Kubernetes', () => {
  const slurm = { SLURM_ARRAY_TASK_ID: '9', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '1' };
  expect(scheduledShard({ ...slurm, SLURM_ARRAY_TASK_STEP: '4' })).toMatchObject({
    right: { index: 2, count: 4 },
  });
  expect(scheduledShard(slurm)).toMatchObject({ left: { code: 'out-of-range' } });
  const job = { JOB_COMPLETION_INDEX: '3' };
  expect(scheduledShard({ ...job, NERFSEG_SHARD_COUNT: '5' })).toMatchObject({
    right: { index: 3, count: 5 },
  });
  expect(scheduledShard(job)).toMatchObject({ left: { field: 'NERFSEG_SHARD_COUNT' } });
  expect(scheduledShard({})).toMatchObject({ right: { index: 0, count: 1 } });
});
