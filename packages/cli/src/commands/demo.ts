import { join } from 'node:path';
import { writeFileAtomic } from '@nerfseg/files';
import { dataError } from '@nerfseg/geometry';
import type { Evaluation } from '@nerfseg/ssl';
import { Command } from 'commander';
import { type DemoMethod, type DemoResult, demoMethods, runDemo } from '../demo/run-demo.js';
import { fullDemo, quickDemo } from '../demo/settings.js';
import { startEngine, withEngine } from '../engine/start-engine.js';
import { wholeNumber } from '../options/numbers.js';
import { comparisonTable } from '../report/comparison-table.js';
import { duration } from '../report/numbers.js';
import { scoresByClass } from '../report/scores-table.js';
import { verdict } from '../report/verdict.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';
import { fail, need } from '../terminal/failure.js';

interface DemoFlags {
  readonly seed: number;
  readonly out: string;
  readonly json?: string;
  readonly steps?: number;
  readonly quick?: boolean;
  readonly engine: string;
  readonly quiet?: boolean;
}

const examples = `
What it does: simulates drives with a LiDAR and cameras (nuScenes format); cuts the pictures into Segment-Anything masks;
trains the same network twice from the same few labelled scans, once with labels alone and once with pseudo-labels that
a NeRF head renders into the cameras of unlabelled scans; scores both on scenes that neither has seen.

Examples:
  $ nerfseg demo
  $ nerfseg demo --seed 1 --out demo-1 --json demo-1.json
  $ nerfseg demo --quick                 seconds instead of minutes: checks the machinery, scores mean nothing

It leaves pictures in the folder: birds-eye.png and cameras.png (truth beside predictions), rendering.png (masks,
rendered classes, entropy, pseudo-labels). An interrupted demo goes on where it stopped.`;

/** `nerfseg demo`: the main job, end to end. */
export const demoCommand = (context: CommandContext): Command =>
  withEngine(withQuiet(new Command('demo')))
    .description(
      'Run the whole method on a small simulated world and compare it with supervised-only training.',
    )
    .option('--seed <n>', 'another seed is another world', wholeNumber(0), 0)
    .option('--out <folder>', 'where pictures and work go', 'nerfseg-demo')
    .option('--json <file>', 'write the result as JSON')
    .option('--steps <n>', 'optimizer steps of each method', wholeNumber(1))
    .option('--quick', 'the smallest world: to see that everything works')
    .addHelpText('after', examples)
    .action((flags: DemoFlags) => demo(context, flags));

async function demo(context: CommandContext, flags: DemoFlags): Promise<void> {
  const { seed, out } = flags;
  const terminal = terminalFor(context, flags);
  const start = performance.now();
  const sizes = flags.quick ? quickDemo : fullDemo;
  const engine = await startEngine(flags.engine, terminal);
  const isSlow = engine.name === 'tfjs-wasm' || engine.name === 'tfjs-cpu';
  const steps = flags.steps ?? sizes.steps[isSlow ? 'slow' : 'fast'];
  const result = await runDemo(out, seed, sizes, steps, engine, terminal);
  const seconds = (performance.now() - start) / 1000;
  const { labelSpace } = result.frames.dataset;
  const [supervised, nerf] = [evaluationOf(result, 'supervised'), evaluationOf(result, 'nerf')];
  const table = comparisonTable([...result.evaluations], labelSpace);
  const { labelled, unlabelled } = result.frames;
  const conclusion = verdict(
    supervised.point.miou,
    nerf.point.miou,
    seed,
    labelled.length,
    unlabelled.length,
  );
  const report = {
    seed,
    seconds,
    engine: engine.name,
    methods: Object.fromEntries(
      demoMethods.map((method) => {
        const { point, voxel } = evaluationOf(result, method);
        const perClass = scoresByClass(point.perClass, labelSpace);
        return [method, { pointMiou: point.miou, voxelMiou: voxel.miou, perClass }];
      }),
    ),
    steps,
    labelled: labelled.length,
    unlabelled: unlabelled.length,
    masks: result.masks,
    pictures: result.pictures,
  };
  await need(writeFileAtomic(join(out, 'comparison.txt'), `${table}\n\n${conclusion}\n`));
  if (flags.json) await need(writeFileAtomic(flags.json, `${JSON.stringify(report, undefined, 2)}\n`));
  terminal.print(`\n${table}\n`);
  terminal.print(conclusion);
  terminal.print(`\nTook ${duration(seconds)} on ${engine.name}; masks by ${result.masks}. Pictures:`);
  for (const path of result.pictures) terminal.print(`  ${path}`);
}

const evaluationOf = ({ evaluations, frames }: DemoResult, method: DemoMethod): Evaluation =>
  evaluations.get(method) ??
  fail(dataError('empty', frames.dataset.name, 'validation', 'no frames', 'frames to score'));
