import type { MethodName, TrainSettings } from '@nerfseg/ssl';
import type { RunResult } from '../runner/results.js';
import { cell, gain, gainCell, markdown, signed } from './cells.js';

/** Steps of the runs that the aims are judged by a second time. */
export const longSteps = 3000;

/** The project's aims, and how far the runs at hand are from them: at the benchmark's steps, and at `longSteps`. */
export function targetsTable(results: readonly RunResult[]): string {
  const rows: readonly Aim[] = [
    { better: 'nerf', worse: 'supervised', least: 3.9 },
    { better: 'nerf-mean-teacher', worse: 'supervised' },
    { better: 'nerf-mean-teacher', worse: 'mean-teacher', least: 1 },
    { better: 'nerf', worse: 'mean-teacher' },
    { better: 'nerf', worse: 'projection', least: 1 },
    { better: 'nerf-lasermix', worse: 'lasermix', least: 1 },
  ];
  const short = results.filter(isPlain);
  const long = results.filter((r) => r.settings?.steps === longSteps && differsAtMost(r, 'steps'));
  const found =
    (runs: readonly RunResult[], fraction: number, dataset: string) =>
    ({ better, worse, least }: Aim): string[] => {
      const of = (method: MethodName): RunResult[] =>
        runs.filter((r) => r.method === method && r.fraction === fraction && r.dataset === dataset);
      return judged(gain(of(better), of(worse)), least);
    };
  const ofOnePercent = (r: RunResult): boolean => r.fraction === 1 && r.dataset === 'nuscenes-like';
  const plainNerf = short.filter((r) => r.method === 'nerf' && ofOnePercent(r));
  const wideBatch = results.filter(
    (r) =>
      r.method === 'supervised' &&
      ofOnePercent(r) &&
      r.settings?.labelledPerStep === 2 &&
      differsAtMost(r, 'labelledPerStep'),
  );
  const full = fullyLabelled(results);
  const zero = full.map((r) => ({ ...r, pointMiou: 0 }));
  const kitti: Aim = { better: 'nerf', worse: 'supervised', least: 0 };
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
      ...rows.map((aim) => [
        `${title(aim.better)} over ${title(aim.worse)}`,
        aim.least === undefined ? '' : signed(aim.least),
        ...found(short, 1, 'nuscenes-like')(aim),
        ...found(long, 1, 'nuscenes-like')(aim),
      ]),
      [
        'NeRF over supervised-only with two labelled scans a step, which NeRF has not',
        '',
        ...judged(gain(plainNerf, wideBatch), undefined),
        '',
        '',
      ],
      [
        `supervised-only with all labels${full[0] ? `, ${full[0].steps} steps` : ''}`,
        '80',
        cell(full),
        verdict(gain(full, zero), 80),
        '',
        '',
      ],
      [
        'real KITTI, labels of one frame, 1,000 steps: NeRF over supervised-only',
        'above 0',
        ...found(short, 100, 'kitti-frames')(kitti),
        '',
        '',
      ],
    ],
  );
}

interface Aim {
  readonly better: MethodName;
  readonly worse: MethodName;
  /** Points of mIoU; none where the difference is only told. */
  readonly least?: number;
}

const title = (method: MethodName): string => titles[method] ?? method;

const titles: Partial<Record<MethodName, string>> = {
  nerf: 'NeRF',
  supervised: 'supervised-only',
  projection: 'perspective projection',
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
function fullyLabelled(results: readonly RunResult[]): RunResult[] {
  const all = results.filter(
    (r) =>
      r.method === 'supervised' &&
      r.fraction === 100 &&
      r.dataset === 'nuscenes-like' &&
      differsAtMost(r, 'steps'),
  );
  const steps = Math.max(...all.map((r) => r.steps));
  return all.filter((r) => r.steps === steps);
}

/** Whether a run is the benchmark as it stands but for one setting. */
const differsAtMost = ({ settings = {}, ...run }: RunResult, allowed: keyof TrainSettings): boolean =>
  Object.keys(settings).every((setting) => setting === allowed) && isPlain(run);

/** A run of the benchmark as it stands, scored on the frames of the tables. */
export const isPlain = ({
  settings,
  width,
  scoredOn,
  scoredWorld,
  scoredOver,
  corruption,
}: RunResult): boolean =>
  settings === undefined &&
  width === undefined &&
  corruption === undefined &&
  scoredWorld === undefined &&
  scoredOver === undefined &&
  scoredOn !== 'tune';
