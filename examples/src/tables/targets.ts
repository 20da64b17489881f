import type { RunResult } from '../runner/results.js';
import { gain, gainCell, markdown } from './cells.js';

/** The project's aims, and how far the runs at hand are from them. */
export function targetsTable(results: readonly RunResult[]): string {
  const plain = results.filter(isPlain);
  const of = (method: string, fraction = 1, dataset = 'nuscenes-like'): RunResult[] =>
    plain.filter((r) => r.method === method && r.fraction === fraction && r.dataset === dataset);
  const row = (what: string, aim: string, found: ReturnType<typeof gain>, least: number): string[] => [
    what,
    aim,
    gainCell(found),
    !found
      ? 'not measured'
      : found.seeds < 3
        ? `${found.points >= least ? 'above' : 'below'}, too few seeds`
        : found.points >= least
          ? 'met'
          : 'missed',
  ];
  const full = fullyLabelled(results);
  const zero = full.map((r) => ({ ...r, pointMiou: 0 }));
  return markdown(
    ['mIoU of points, simulated nuScenes-like data, 1 % labels', 'aim', 'measured (seeds)', ''],
    [
      row('NeRF over supervised-only', '+3.9', gain(of('nerf'), of('supervised')), 3.9),
      row(
        'NeRF + Mean Teacher over supervised-only',
        '',
        gain(of('nerf-mean-teacher'), of('supervised')),
        3.9,
      ),
      row(
        'NeRF + Mean Teacher over Mean Teacher',
        '+1.0',
        gain(of('nerf-mean-teacher'), of('mean-teacher')),
        1,
      ),
      row('NeRF over Mean Teacher', '', gain(of('nerf'), of('mean-teacher')), 1),
      row('NeRF over perspective projection', '+1.0', gain(of('nerf'), of('projection')), 1),
      row('NeRF + LaserMix over LaserMix', '+1.0', gain(of('nerf-lasermix'), of('lasermix')), 1),
      row(
        `supervised-only with all labels${full[0] ? `, ${full[0].steps} steps` : ''}`,
        '80',
        gain(full, zero),
        80,
      ),
      row(
        'real KITTI, labels of one frame: NeRF over supervised-only',
        'above 0',
        gain(of('nerf', 100, 'kitti-frames'), of('supervised', 100, 'kitti-frames')),
        0,
      ),
    ],
  );
}

/** Of the supervised runs with all labels, those of the most steps. */
function fullyLabelled(results: readonly RunResult[]): RunResult[] {
  const all = results.filter(
    ({ settings = {}, ...r }) =>
      r.method === 'supervised' &&
      r.fraction === 100 &&
      r.dataset === 'nuscenes-like' &&
      Object.keys(settings).every((setting) => setting === 'steps') &&
      isPlain(r),
  );
  const steps = Math.max(...all.map((r) => r.steps));
  return all.filter((r) => r.steps === steps);
}

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
