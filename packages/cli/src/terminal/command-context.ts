import type { Command } from 'commander';
import { type Streams, type Terminal, terminalOf } from './terminal.js';

/** What every command is made with. */
export interface CommandContext {
  readonly streams: Streams;
  readonly signal: AbortSignal;
}

/** Adds `--quiet`, which every command has. */
export const withQuiet = (command: Command): Command =>
  command.option('-q, --quiet', 'no progress and no notes on stderr; errors are still told');

/** The terminal of a command that {@link withQuiet} prepared. */
export const terminalFor = (
  { streams, signal }: CommandContext,
  options: { readonly quiet?: boolean },
): Terminal => terminalOf(streams, options.quiet ?? false, signal);
