import { Command } from 'commander';
import type { CommandContext } from '../terminal/command-context.js';
export const evalCommand = (_: CommandContext): Command => new Command('eval');
