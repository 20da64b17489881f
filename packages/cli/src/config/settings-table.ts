import { runConfig } from './run-config.js';
import { settingsOf } from './setting-names.js';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** All settings as a page of Markdown: kept as `CONFIGURATION.md`, which a test compares to this. */
export function settingsPage(): string {
  const lines = [
    '# Settings of a run',
    '',
    'What `--config FILE` and `--set NAME=VALUE` of `nerfseg train` may say. Files are YAML or JSON; names are nested by their dots:',
    '',
    '```yaml',
    'extends: base.yaml # or a list; relative to this file; what stands here comes over it',
    'seed: 1',
    'network: { width: 32 }',
    'training:',
    '  method: nerf',
    '  learningRate: 0.002',
    '```',
    '',
    'The command line comes over the file: `--set training.learningRate=0.01`. The whole configuration as it was used is kept with the run, in',
    '`config.yaml`. This page is written from the schema.',
    '',
    '| setting | value | default | what |',
    '| --- | --- | --- | --- |',
    ...settingsOf(runConfig).map(
      ({ name, type, default: usual = '', what }) =>
        `| \`${name}\` | ${cell(type)} | ${cell(usual)} | ${cell(what)} |`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
