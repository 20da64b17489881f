// The native engine against PyTorch on the same threads: products, kernel maps, rendering, the point encoder, inference, a training step.
import { selectEngine } from '@nerfseg/ops';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Suite } from './harness.js';
import { convolutions, summarise } from './ops/convolutions.js';
import { maps } from './ops/maps.js';
import type { OpsBench } from './ops/measure.js';
import { inference } from './ops/network.js';
import { pointEncoder } from './ops/points.js';
import { rendering } from './ops/rendering.js';
import { bestTorch } from './ops/torch-peer.js';
import { training } from './ops/training.js';

/** Parts by name, so that NERFSEG_BENCH_PARTS=maps,training runs some of them. */
const parts = { maps, rendering, points: pointEncoder, convolutions, inference, training };

export const suite: Suite = async (context) => {
  const wanted = process.env.NERFSEG_BENCH_PARTS?.split(',');
  for (const name of wanted ?? [])
    if (!Object.hasOwn(parts, name))
      throw new Error(`NERFSEG_BENCH_PARTS: '${name}', expected some of ${Object.keys(parts).join(',')}`);
  const engine = await selectEngine('nerfseg-cpu');
  if (isLeft(engine)) throw new Error(`the native engine cannot be used: ${engine.left.found}`);
  const torch = await bestTorch(engine.right.threads);
  if (typeof torch === 'string') console.log(`ops: ${torch}`);
  else console.log(`ops: PyTorch ${torch.version}, ${engine.right.threads} threads`);
  const bench: OpsBench = { context, torch: typeof torch === 'string' ? undefined : torch, rows: [] };
  try {
    for (const [name, run] of Object.entries(parts)) if (!wanted || wanted.includes(name)) await run(bench);
    summarise(bench);
  } finally {
    bench.torch?.stop();
  }
  return bench.rows;
};
