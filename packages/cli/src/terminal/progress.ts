import { Presets, SingleBar } from 'cli-progress';

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

/** Plain lines for logs: the first, the last, and one at most every `interval` seconds in between. */
export const lineProgress =
  (write: (text: string) => void, interval = 10, now = () => performance.now() / 1000): StartProgress =>
  (title, total) => {
    let last = Number.NEGATIVE_INFINITY;
    return {
      update: (done, note) => {
        const time = now();
        if (done < total && time - last < interval) return;
        last = time;
        write(`${title}: ${done}/${total}${note ? `  ${note}` : ''}\n`);
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
