import type { WebGpuAdapter } from '@nerfseg/ops';
import { Command } from 'commander';
import { type Examination, examine } from '../doctor/examine.js';
import { thousands } from '../report/numbers.js';
import { renderTable } from '../report/table.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';

interface DoctorFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Examples:
  $ nerfseg doctor
  $ nerfseg doctor data/nuscenes data/semantickitti
  $ NERFSEG_ENGINE=tfjs-wasm nerfseg doctor --json

Data sets are looked for in the named folders and their direct subfolders, else in NERFSEG_REAL_DATA.`;

/** `nerfseg doctor`: what this machine has, and what to do about the rest. */
export const doctorCommand = (context: CommandContext): Command =>
  withQuiet(new Command('doctor'))
    .description(
      'Say which engine, compiler, Segment-Anything weights and data sets are found, and what to do about the rest.',
    )
    .argument('[paths...]', 'folders to look for data sets in')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(async (paths: string[], flags: DoctorFlags) => {
      const { print } = terminalFor(context, flags);
      const real = process.env.NERFSEG_REAL_DATA;
      const found = await examine(paths.length > 0 || !real ? paths : [real]);
      print(flags.json ? JSON.stringify(found, undefined, 2) : describe(found));
    });

/** Backend, limits and features of an adapter. */
function describeAdapter(adapter: WebGpuAdapter): string {
  const mib = (bytes: number): string => `${thousands(Math.floor(bytes / 2 ** 20))} MiB`;
  return [
    [adapter.backend, adapter.software ? 'software' : '', adapter.vendor]
      .filter((part) => part !== '')
      .join(' '),
    `buffers to ${mib(adapter.maxBufferSize)}, tensors to ${mib(adapter.maxStorageBufferBindingSize)}`,
    `workgroups of ${adapter.maxComputeInvocationsPerWorkgroup} with ${adapter.maxComputeWorkgroupStorageSize} bytes`,
    adapter.features.join(' ') || 'no optional features',
  ].join('; ');
}

function describe(found: Examination): string {
  const { engine, compiler, segmentAnything } = found;
  const rows: string[][] = [
    ['Node', found.node, Number(found.node.split('.')[0]) >= 20 ? 'ok' : '20 or newer is needed'],
    ['machine', `${found.cores} cores, ${found.memory.toFixed(0)} GiB`, found.platform],
    ['engine', engine?.name ?? 'none', engine ? `${engine.threads} threads` : 'see below'],
    ...found.considered.map(({ name, usable, why }) => [`  ${name}`, usable ? 'works' : 'no', why]),
    ...found.notTried.map((name) => [`  ${name}`, 'not tried', engine ? 'what was found is faster' : '']),
    ...found.adapters.map((adapter) => ['WebGPU adapter', adapter.name, describeAdapter(adapter)]),
    [
      'C++ compiler',
      compiler?.command ?? 'none',
      compiler?.version ?? 'needed only to build the native engine',
    ],
    ['Segment-Anything', segmentAnything.usable ? 'works' : 'no', segmentAnything.why],
    ...found.datasets.map(({ path, format, frames, cameras, problem }) => [
      'data set',
      format ?? 'no',
      problem ?? `${path}: ${thousands(frames ?? 0)} frames, ${cameras} cameras`,
    ]),
  ];
  const table = renderTable(['what', 'found', ''], rows, ['left', 'left', 'left']);
  const advice = found.advice.map((line) => `- ${line}`);
  return [table, '', advice.length === 0 ? 'Nothing is missing.' : 'What to do:', ...advice].join('\n');
}
