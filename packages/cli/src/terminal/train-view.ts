import type { LossRecord, StepSeconds, ValidationRecord } from '@nerfseg/ssl';
import { lossNote } from '../report/loss-summary.js';
import { duration, percent } from '../report/numbers.js';

/** Shows how a training run goes. */
export interface TrainView {
  readonly step: (record: LossRecord) => void;
  readonly validation: (record: ValidationRecord) => void;
  /** Masks of a picture had to be made on the way, which took so long. */
  readonly masks: (seconds: number) => void;
  readonly stop: () => void;
}

/** Makes a {@link TrainView}. */
export type StartTrainView = (method: string, steps: number) => TrainView;

/** Shows nothing: `--quiet`. */
export const silentTrainView: StartTrainView = () => ({
  step: () => {},
  validation: () => {},
  masks: () => {},
  stop: () => {},
});

type Clock = () => number;
const clock: Clock = () => performance.now() / 1000;

/** Plain lines for logs: the first step, the last, and one at most every `interval` seconds; every validation; how many masks were made, as often and at the end. */
export const lineTrainView =
  (write: (text: string) => void, interval = 10, now: Clock = clock): StartTrainView =>
  (method, steps) => {
    let last = Number.NEGATIVE_INFINITY;
    let lastMasks = Number.NEGATIVE_INFINITY;
    let untold: string | undefined;
    const making = made();
    const tellMasks = (): void => {
      if (untold === undefined) return;
      write(`train ${method}: ${untold}\n`);
      untold = undefined;
    };
    return {
      step: (record) => {
        const time = now();
        if (record.step < steps && time - last < interval) return;
        last = time;
        write(`train ${method}: ${record.step}/${steps}  ${lossNote(record)}\n`);
      },
      validation: (record) => write(`train ${method}: ${validationNote(record)}\n`),
      masks: (seconds) => {
        untold = making(seconds);
        if (now() - lastMasks < interval) return;
        lastMasks = now();
        tellMasks();
      },
      // How many they were is known at the end.
      stop: tellMasks,
    };
  };

const validationNote = ({ step, pointMiou, voxelMiou }: ValidationRecord): string =>
  `after ${step} steps mIoU ${percent(pointMiou)} % of points, ${percent(voxelMiou)} % of voxels`;

/** What is worth knowing of masks that were made on the way. */
const made = (): ((seconds: number) => string) => {
  let [pictures, all] = [0, 0];
  return (seconds) => {
    pictures++;
    all += seconds;
    return `masks of ${pictures} picture${pictures === 1 ? '' : 's'} made on the way, ${(all / pictures).toFixed(1)} s each`;
  };
};

/** A few lines on a terminal that are drawn over, at most every `interval` seconds. */
export const liveTrainView =
  (
    stream: NodeJS.WritableStream & { readonly columns?: number },
    interval = 0.2,
    now: Clock = clock,
  ): StartTrainView =>
  (method, steps) => {
    const losses: number[] = [];
    let latest: LossRecord | undefined;
    let validated: ValidationRecord | undefined;
    let seconds: StepSeconds = {};
    let drawn = 0;
    let masksNote: string | undefined;
    const making = made();
    let last = Number.NEGATIVE_INFINITY;
    const progressLines = (): string[] => {
      if (!latest) return [`train ${method}: the first step`];
      const { step, learningRate } = latest;
      // By what the steps say that they took: the view begins when the first one is over.
      const each = secondsOf(seconds) / losses.length;
      const filled = Math.round((24 * step) / steps);
      return [
        `train ${method} ${'█'.repeat(filled)}${'░'.repeat(24 - filled)} ${step}/${steps}  ${duration(each * (steps - step))} left, ${each.toFixed(2)} s a step, learning rate ${learningRate.toPrecision(2)}`,
        `  ${lossNote(latest)}`,
        `  loss ${sparkline(losses, 40)}`,
        `  time ${shares(seconds)}`,
        ...(validated ? [`  ${validationNote(validated)}`] : []),
      ];
    };
    const draw = (): void => {
      if (!latest && masksNote === undefined) return;
      last = now();
      // A terminal that nobody gave a size says 0.
      const columns = stream.columns || 100;
      const lines = [...progressLines(), ...(masksNote === undefined ? [] : [`  ${masksNote}`])].map((line) =>
        line.slice(0, columns - 1),
      );
      stream.write(`${drawn > 0 ? `\x1b[${drawn}A` : ''}${lines.map((line) => `\x1b[2K${line}\n`).join('')}`);
      drawn = lines.length;
    };
    return {
      step: (record) => {
        latest = record;
        losses.push(record.losses.total ?? 0);
        seconds = added(seconds, record.seconds);
        if (now() - last >= interval || record.step === steps) draw();
      },
      validation: (record) => {
        validated = record;
        draw();
      },
      masks: (seconds) => {
        masksNote = making(seconds);
        if (now() - last >= interval) draw();
      },
      stop: draw,
    };
  };

const added = (sum: StepSeconds, more: StepSeconds): StepSeconds => {
  const total: Record<string, number> = { ...sum };
  for (const [phase, value] of Object.entries(more)) total[phase] = (total[phase] ?? 0) + value;
  return total;
};

const secondsOf = (seconds: StepSeconds): number =>
  Object.values(seconds).reduce((sum, value) => sum + value, 0);

/** `forward 41 %  backward 50 %`: where the time of all steps went. */
export function shares(seconds: StepSeconds): string {
  const total = secondsOf(seconds);
  return Object.entries(seconds)
    .map(([phase, value]) => `${phase} ${Math.round((100 * value) / total)} %`)
    .join('  ');
}

/** Values as a row of bars, means of equal parts where there are more of them than columns. */
export function sparkline(values: readonly number[], columns: number): string {
  const count = Math.min(columns, values.length);
  const means = Array.from({ length: count }, (_, i) => {
    const part = values.slice(
      Math.floor((i * values.length) / count),
      Math.floor(((i + 1) * values.length) / count),
    );
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const least = Math.min(...means);
  const span = Math.max(...means) - least || 1;
  return means.map((mean) => '▁▂▃▄▅▆▇█'[Math.round((7 * (mean - least)) / span)]).join('');
}
