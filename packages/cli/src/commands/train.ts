import { Command } from 'commander';
import type { CommandContext } from '../terminal/command-context.js';
export const trainCommand = (_: CommandContext): Command => new Command('train');
