import { type EngineChoice, engineNames, selectEngine } from '@nerfseg/ops';
import { type Command, Option } from 'commander';
import { need } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

/** Adds `--engine`. */
export const withEngine = (command: Command): Command =>
  command.addOption(
    new Option('--engine <name>', 'what computes; auto takes the fastest that works here')
      .choices(['auto', ...engineNames])
      .default('auto'),
  );

/** Makes an engine tfjs's backend and says which it is. */
export async function startEngine(name: string, { note }: Terminal): Promise<EngineChoice> {
  const choice = await need(() => selectEngine(name));
  note(`engine: ${choice.name}, ${choice.threads} ${choice.threads === 1 ? 'thread' : 'threads'}`);
  return choice;
}
