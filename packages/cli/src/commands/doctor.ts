import { Command } from 'commander';
import type { CommandContext } from '../terminal/command-context.js';
export const doctorCommand = (_: CommandContext): Command => new Command('doctor');
