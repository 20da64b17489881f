import { barProgress, lineProgress, type StartProgress, silentProgress } from './progress.js';
import { lineTrainView, liveTrainView, type StartTrainView, silentTrainView } from './train-view.js';

/** The process's streams, as a command sees them. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Where a command writes, and what may stop it. */
export interface Terminal {
  /** A line of the result, on stdout. */
  readonly print: (line: string) => void;
  /** A line about the work, on stderr; silent with --quiet. */
  readonly note: (line: string) => void;
  readonly progress: StartProgress;
  /** How a training run goes. */
  readonly trainView: StartTrainView;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Results go to stdout alone, so that a program may read them; notes and progress go to stderr. */
export const terminalOf = ({ stdout, stderr }: Streams, quiet: boolean, signal: AbortSignal): Terminal => ({
  print: (line) => stdout(`${line}\n`),
  note: quiet ? () => {} : (line) => stderr.write(`${line}\n`),
  progress: quiet
    ? silentProgress
    : stderr.isTTY
      ? barProgress(stderr)
      : lineProgress((text) => stderr.write(text)),
  trainView: quiet
    ? silentTrainView
    : stderr.isTTY
      ? liveTrainView(stderr)
      : lineTrainView((text) => stderr.write(text)),
  signal,
});
