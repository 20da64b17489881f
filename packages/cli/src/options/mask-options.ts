import { resolve } from 'node:path';
import { type SamModel, samModels, samPresets } from '@nerfseg/pseudolabel';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ConfigFlags, resolveConfig } from '../config/resolve-config.js';
import { defaultMaskFolder, type MaskCache, openMaskCache } from '../data/mask-cache.js';
import { need } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { wholeNumber } from './numbers.js';
import { settingFlag } from './settings-flag.js';

/** What {@link withMaskOptions} parses. */
export interface MaskFlags
  extends Pick<ConfigFlags, 'config' | 'set' | 'preset' | 'model' | 'prompts' | 'threads' | 'inFlight'> {
  readonly maskCache?: string;
}

/** The options that say how masks are made and where they are kept. */
export const withMaskOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--preset <name>', 'which prompts of Segment-Anything; default: fast').choices(
        Object.keys(samPresets),
      ),
    )
    .option(
      '--model <name>',
      `${samModels.join(', ')}, or two ONNX files: encoder.onnx,decoder.onnx; default: mobile-sam`,
      modelOf,
    )
    .addOption(
      new Option('--prompts <kind>', 'a grid, or where LiDAR points lie; default: grid').choices([
        'grid',
        'lidar',
      ]),
    )
    .option('--threads <n>', 'threads; default: all cores', wholeNumber(1))
    .option(
      '--set <name=value>',
      'any other setting, such as masks.minStability=0.9; may be repeated',
      settingFlag,
    )
    .option(
      '--config <file>',
      'settings as YAML or JSON, those of training too; the command line wins over it',
    )
    .option('--mask-cache <folder>', 'where masks are kept; default: ~/.cache/nerfseg/masks');

/** The first option that was given of those that {@link withMaskOptions} adds: it says nothing where no masks are asked for. */
export const givenMaskOption = (command: Command): string | undefined =>
  command.options.find((option) => {
    const name = option.attributeName();
    return maskOptionNames.some((one) => one === name) && command.getOptionValueSource(name) === 'cli';
  })?.long ?? undefined;

const maskOptionNames = ['preset', 'model', 'prompts', 'threads', 'set', 'config', 'maskCache'] as const;

/** Opens the cache that the options name, of the masks that they describe. */
export async function openMasks(flags: MaskFlags, terminal: Terminal): Promise<MaskCache> {
  const { masks } = await need(() => resolveConfig(flags));
  return need(openMaskCache(flags.maskCache ?? defaultMaskFolder(), masks, terminal.note));
}

/** Parser of a model: its name, or the paths of its two halves. */
export const modelOf = (text: string): SamModel | { encoder: string; decoder: string } => {
  const known = samModels.find((name) => name === text);
  if (known) return known;
  const [encoder, decoder, ...more] = text.split(',').map((path) => path.trim());
  if (!encoder || !decoder || more.length > 0)
    throw new InvalidArgumentError(`Expected ${samModels.join(', ')}, or encoder.onnx,decoder.onnx.`);
  return { encoder: resolve(encoder), decoder: resolve(decoder) };
};
