import { Command } from 'commander';
import type { CommandContext } from '../terminal/command-context.js';
export const demoCommand = (_: CommandContext): Command => new Command('demo');
