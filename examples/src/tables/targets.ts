import type { MethodName, TrainSettings } from '@nerfseg/ssl';
import type { RunResult } from '../runner/results.js';
import { cell, gain, gainCell, markdown, signed } from './cells.js';

/** Steps of the runs that the aims are judged by a second time. */
export const longSteps = 3000;

/** The project's aims, and how far the runs at hand are from them: at the benchmark's steps, and at `longSteps`. */
export function targetsTable(results: readonly RunResult[]): string {
  const short = results.filter(isPlain);
  const long = withOnly(results, 'steps', longSteps);
  const full = fullyLabelled(results);
  const zero = full.map((r) => ({ ...r, pointMiou: 0 }));
  const kitti = (method: MethodName): RunResult[] => resultsOf(short, method, 100, 'kitti-frames');
  return markdown(
    [
      'mIoU of points, simulated nuScenes-like data, 1 % labels',
      'aim',
      '1,200 steps (seeds)',
      '',
      `${longSteps.toLocaleString('en')} steps (seeds)`,
      '',
    ],
    [
      ...aims.map(({ better, worse, straight, least }) => [
        `${title(better)} over ${straight ? 'straight projection: the paper' : title(worse)}`,
        least === undefined ? '' : signed(least),
        ...[
          { runs: short, rivals: straight ? withOnly(results, 'pointVisibility', 'all') : short },
          { runs: long, rivals: straight ? [] : long },
        ].flatMap(({ runs, rivals }) =>
          judged(gain(resultsOf(runs, better), resultsOf(rivals, worse)), least),
        ),
      ]),
      [
        `supervised-only with all labels${full[0] ? `, ${full[0].steps.toLocaleString('en')} steps` : ''}`,
        '80',
        cell(full),
        verdict(gain(full, zero), 80),
        '',
        '',
      ],
      [
        'real KITTI, labels of one frame, 1,000 steps: NeRF over supervised-only',
        'above 0',
        ...judged(gain(kitti('nerf'), kitti('supervised')), 0),
        '',
        '',
      ],
    ],
  );
}

/** Those of a method; where not said otherwise with 1 % labels of the nuScenes-like scans. */
export const resultsOf = (
  runs: readonly RunResult[],
  method: MethodName,
  fraction = 1,
  dataset = 'nuscenes-like',
): RunResult[] => runs.filter((r) => r.method === method && r.fraction === fraction && r.dataset === dataset);

interface Aim {
  readonly better: MethodName;
  readonly worse: MethodName;
  /** The rival's points vote and learn where the camera does not see them, too. */
  readonly straight?: boolean;
  /** Points of mIoU; none where the difference is only told. */
  readonly least?: number;
}

const aims: readonly Aim[] = [
  { better: 'nerf', worse: 'supervised', least: 3.9 },
  { better: 'nerf-mean-teacher', worse: 'supervised' },
  { better: 'nerf-mean-teacher', worse: 'mean-teacher', least: 1 },
  { better: 'nerf', worse: 'mean-teacher' },
  { better: 'nerf', worse: 'projection', straight: true, least: 1 },
  { better: 'nerf', worse: 'projection', least: 1 },
  { better: 'nerf-lasermix', worse: 'lasermix', least: 1 },
];

const title = (method: MethodName): string => titles[method] ?? method;

const titles: Partial<Record<MethodName, string>> = {
  nerf: 'NeRF',
  supervised: 'supervised-only',
  projection: 'projection of what the camera sees',
  'mean-teacher': 'Mean Teacher',
  lasermix: 'LaserMix',
  'nerf-mean-teacher': 'NeRF + Mean Teacher',
  'nerf-lasermix': 'NeRF + LaserMix',
};

/** The difference, and what it says of the aim. */
const judged = (found: ReturnType<typeof gain>, least: number | undefined): string[] => [
  gainCell(found),
  verdict(found, least),
];

/** Three seeds decide. */
function verdict(found: ReturnType<typeof gain>, least: number | undefined): string {
  if (!found) return 'not measured';
  if (least === undefined) return '';
  const isMet = found.points >= least;
  if (found.seeds < 3) return `${isMet ? 'above' : 'below'}, too few seeds`;
  return isMet ? 'met' : 'missed';
}

/** Of the supervised runs with all labels, those of the most steps. */
export function fullyLabelled(results: readonly RunResult[]): RunResult[] {
  const all = resultsOf(
    results.filter((r) => differsAtMost(r, 'steps')),
    'supervised',
    100,
  );
  const steps = Math.max(...all.map((r) => r.steps));
  return all.filter((r) => r.steps === steps);
}

/** Runs of the benchmark as it stands but for one setting, which has this value. */
export const withOnly = <K extends keyof TrainSettings>(
  results: readonly RunResult[],
  setting: K,
  value: TrainSettings[K],
): RunResult[] => results.filter((r) => r.settings?.[setting] === value && differsAtMost(r, setting));

/** Whether a run is the benchmark as it stands but for one setting at most. */
const differsAtMost = ({ settings = {}, ...run }: RunResult, allowed: keyof TrainSettings): boolean =>
  Object.keys(settings).every((setting) => setting === allowed) && isPlain(run);

/** A run of the benchmark as it stands, scored on the frames of the tables; one that is told what is usual is a second run of the same. */
export const isPlain = ({
  labels,
  settings,
  width,
  scoredOn,
  scoredWorld,
  scoredOver,
  corruption,
  sam,
}: RunResult): boolean =>
  labels === undefined &&
  settings === undefined &&
  width === undefined &&
  corruption === undefined &&
  sam === undefined &&
  scoredWorld === undefined &&
  scoredOver === undefined &&
  scoredOn === undefined;
