import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dataError } from '@nerfseg/geometry';
import { engineNames } from '@nerfseg/ops';
import type { Context } from './context.js';
import { Failure } from './need.js';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const examples = fileURLToPath(new URL('../../', import.meta.url));

/** Seeds of the tables' rows, and of a run of them where none are named. */
export const tableSeeds: readonly number[] = [0, 1, 2];

/** Flags of some scripts only, as their help tells them. One that a script has no use for is refused: who gives it expects an effect. */
const ofSome = {
  spec: `--spec JSON         the run, as in '{"method":"nerf","dataset":"nuscenes-like","fraction":1,"seed":0}'`,
  data: `--data ROOT         a real data set, with the paper's settings; left out, the simulated benchmark`,
  'labels-list': `--labels-list FILE  its published list of labelled frames: of one share of labels, for the runs with that share`,
  seeds: `--seeds 0,1,2       which seeds`,
  jobs: `--jobs N            so many runs at a time, each in its own process with its share of the threads (default: 1)`,
};

/** A flag that not every script takes. */
export type Flag = keyof typeof ofSome;
const flagsOfSome = Object.keys(ofSome) as Flag[];

/** Flags of every script. */
const ofAll = [
  `--budget 2h         stop before a run that does not fit (90s, 30m, 2h)`,
  `--engine NAME       auto, ${engineNames.join(', ')}`,
  `--work FOLDER       worlds, masks and unfinished runs (default: examples/work)`,
  `--results FOLDER    one JSON file per finished run (default: examples/results)`,
  `--dry-run           say what would be run and what it costs`,
];

const usage = (script: string, what: string, takes: readonly Flag[]): string => `${what}

  node examples/dist/${script}.js [flags]

  ${[...flagsOfSome.filter((name) => takes.includes(name)).map((name) => ofSome[name]), ...ofAll].join('\n  ')}

Ctrl-C stops after the step at hand; the same command goes on from there.`;

/** A script's flags, and the context that follows from them; undefined where only help was asked for. */
export interface Arguments {
  readonly context: Context;
  readonly seeds: readonly number[];
  /** Runs at a time. */
  readonly jobs: number;
  readonly dryRun: boolean;
  /** A run as JSON, unread. */
  readonly spec?: string;
}

/** @param takes which flags the script has a use for, beside those that all have. */
export function readArguments(
  script: string,
  what: string,
  takes: readonly Flag[],
  args: readonly string[],
): Arguments | undefined {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (problem) {
    throw new Failure(dataError('malformed', 'arguments', 'flag', (problem as Error).message, 'see --help'));
  }
  if (values.help) {
    console.log(usage(script, what, takes));
    return undefined;
  }
  for (const name of flagsOfSome) {
    const found = values[name];
    if (found !== undefined && !takes.includes(name))
      throw new Failure(
        dataError('malformed', 'arguments', `--${name}`, found, `nothing: ${script} has no use for it`),
      );
  }
  const { data, 'labels-list': labelsList, budget } = values;
  if (labelsList !== undefined && data === undefined)
    throw new Failure(
      dataError(
        'malformed',
        'arguments',
        '--labels-list',
        labelsList,
        '--data, whose frames it names, beside it',
      ),
    );
  return {
    context: {
      work: values.work ?? join(examples, 'work'),
      results: values.results ?? join(examples, 'results'),
      ...(data === undefined ? {} : { data }),
      ...(labelsList === undefined ? {} : { labelsList }),
      engine: values.engine ?? 'auto',
      command: ['node', `examples/dist/${script}.js`, ...withoutFolders(args).map(quoted)].join(' '),
      ...(budget === undefined ? {} : { secondsLeft: countdown(secondsOf(budget)) }),
      signal: interrupts(),
      note: (line) => console.log(line),
    },
    seeds: values.seeds === undefined ? tableSeeds : numbers(values.seeds, '--seeds'),
    jobs: countOf(values.jobs ?? '1', '--jobs'),
    dryRun: values['dry-run'] ?? false,
    ...(values.spec === undefined ? {} : { spec: values.spec }),
  };
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      data: text,
      'labels-list': text,
      seeds: text,
      budget: text,
      jobs: text,
      engine: text,
      work: text,
      results: text,
      spec: text,
      'dry-run': flag,
      help: flag,
    },
  }).values;

const countdown = (seconds: number): (() => number) => {
  const start = performance.now();
  return () => seconds - (performance.now() - start) / 1000;
};

/** Where somebody keeps files is no part of a result. */
const withoutFolders = (args: readonly string[]): string[] =>
  args.flatMap(flagAndValue).flatMap((arg, i, all) => {
    const before = all[i - 1];
    if (before === '--data' || before === '--labels-list') return ['PATH'];
    return [before, arg].some((one) => one === '--work' || one === '--results') ? [] : [arg];
  });

/** `--data=ROOT` as `--data ROOT`. */
const flagAndValue = (arg: string): string[] => {
  const [, name, value] = /^(--[\w-]+)=(.*)$/s.exec(arg) ?? [];
  return name === undefined || value === undefined ? [arg] : [name, value];
};

/** As a shell takes it. */
const quoted = (arg: string): string =>
  /^[\w./:,=@%+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;

function countOf(given: string, name: string): number {
  const found = Number(given);
  if (Number.isInteger(found) && found > 0) return found;
  throw new Failure(dataError('malformed', 'arguments', name, given, 'a number, 1 or more'));
}

function numbers(list: string, name: string): number[] {
  // Number('') is 0: a comma too many would be a seed.
  if (/^\d+(,\d+)*$/.test(list)) return list.split(',').map(Number);
  throw new Failure(dataError('malformed', 'arguments', name, list, 'numbers, as in 0,1,2'));
}

/** '90s', '30m', '2h' as seconds. */
export function secondsOf(budget: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(budget);
  if (!match)
    throw new Failure(dataError('malformed', 'arguments', '--budget', budget, 'as in 90s, 30m, 2h'));
  return Number(match[1]) * ({ s: 1, m: 60, h: 3600 }[match[2]!] ?? 1);
}

/** Ctrl-C lets the step at hand finish; a second one ends at once. */
function interrupts(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    console.error('stopping after this step; again to stop at once');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
