import { createRequire } from 'node:module';
import { Command } from 'commander';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { evalCommand } from './commands/eval.js';
import { importCommand } from './commands/import.js';
import { inspectCommand } from './commands/inspect.js';
import { masksCommand } from './commands/masks.js';
import { pseudolabelsCommand } from './commands/pseudolabels.js';
import { scoreCommand } from './commands/score.js';
import { simulateCommand } from './commands/simulate.js';
import { trainCommand } from './commands/train.js';
import type { CommandContext } from './terminal/command-context.js';
import type { Streams } from './terminal/terminal.js';

const version = (): string => {
  const found: unknown = createRequire(import.meta.url)('@nerfseg/cli/package.json');
  return typeof found === 'object' && found !== null && 'version' in found
    ? String(found.version)
    : 'unknown';
};

/** The `nerfseg` command with all its subcommands; it throws instead of ending the process. */
export function createProgram(streams: Streams, signal: AbortSignal): Command {
  const context: CommandContext = { streams, signal };
  const program = new Command('nerfseg')
    .description(
      'Semi-supervised LiDAR semantic segmentation: a sparse 3D network learns from a few labelled scans ' +
        'and, by rendering its features into the cameras of unlabelled ones, from Segment-Anything masks.',
    )
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: streams.stdout, writeErr: (text) => streams.stderr.write(text) })
    .showHelpAfterError('(add --help for the options and examples)')
    .addHelpText(
      'after',
      `
Start here:
  $ nerfseg doctor                        what this machine can do
  $ nerfseg demo                          the whole method on a small simulated world, about 10 minutes
  $ nerfseg inspect PATH                  look at a data set: counts, labels, points on the pictures

Your own data (nuScenes, SemanticKITTI or ScribbleKITTI folders):
  $ nerfseg masks PATH                    precompute the Segment-Anything masks
  $ nerfseg train PATH --method nerf --labelled 10% --out runs/nerf
  $ nerfseg eval runs/nerf PATH
  $ nerfseg pseudolabels PATH --run runs/nerf
  $ nerfseg score submission.zip PATH

Published weights:
  $ nerfseg import CHECKPOINT --out cylinder3d.safetensors

Exit status: 0 done, 1 failed (stderr says why), 2 wrong usage, 130 interrupted (run again to go on).`,
    );
  const commands = [
    demoCommand,
    simulateCommand,
    inspectCommand,
    masksCommand,
    trainCommand,
    evalCommand,
    pseudolabelsCommand,
    importCommand,
    scoreCommand,
    doctorCommand,
  ];
  for (const create of commands) {
    const command = create(context);
    command.copyInheritedSettings(program);
    program.addCommand(command);
  }
  return program;
}
