import { Presets, SingleBar } from 'cli-progress';
import { duration } from '../report/numbers.js';

/** A piece of work that reports how far it is. */
export interface Progress {
  /** @param note what is worth knowing at this point: a file, a loss. */
  readonly update: (done: number, note?: string) => void;
  readonly stop: () => void;
}

/** Makes a {@link Progress}: `title` names the work, `total` is what `done` runs up to. */
export type StartProgress = (title: string, total: number) => Progress;

/** Shows nothing: `--quiet`. */
export const silentProgress: StartProgress = () => ({ update: () => {}, stop: () => {} });

/** Estimates the seconds that are left, by the pace of the last 60 s at least; undefined before there is one. */
const timeLeft = (total: number): ((done: number, time: number) => number | undefined) => {
  const window: { readonly done: number; readonly time: number }[] = [];
  return (done, time) => {
    window.push({ done, time });
    while (window.length > 2 && time - window[1]!.time > 60) window.shift();
    const { done: before, time: since } = window[0]!;
    return done > before && time > since ? ((total - done) * (time - since)) / (done - before) : undefined;
  };
};

/** Plain lines for logs: the first, the last, and one at most every `interval` seconds in between. */
export const lineProgress =
  (write: (text: string) => void, interval = 10, now = () => performance.now() / 1000): StartProgress =>
  (title, total) => {
    let last = Number.NEGATIVE_INFINITY;
    const left = timeLeft(total);
    return {
      update: (done, note) => {
        const time = now();
        const seconds = left(done, time);
        if (done < total && time - last < interval) return;
        last = time;
        const ahead = seconds === undefined || done >= total ? '' : `  ${duration(seconds)} left`;
        write(`${title}: ${done}/${total}${ahead}${note ? `  ${note}` : ''}\n`);
      },
      stop: () => {},
    };
  };

/** A bar that moves, for terminals. */
export const barProgress =
  (stream: NodeJS.WritableStream): StartProgress =>
  (title, total) => {
    const bar = new SingleBar(
      {
        stream,
        format: `${title} {bar} {value}/{total}  {eta_formatted}  {note}`,
        barsize: 24,
        hideCursor: true,
        etaBuffer: 30,
        gracefulExit: false,
      },
      Presets.shades_classic,
    );
    bar.start(total, 0, { note: '' });
    return {
      update: (done, note) => bar.update(done, note === undefined ? {} : { note }),
      stop: () => bar.stop(),
    };
  };
