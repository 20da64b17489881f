import { dataError } from '@nerfseg/geometry';
import { expectedWithin, samPresets, samRanges } from '@nerfseg/pseudolabel';
import { methodNames, trainSettings } from '@nerfseg/ssl';
import { Failure } from './need.js';
import type { RunSpec } from './spec.js';
import { usualCorruption } from './truth-masks.js';
import { type World, worlds } from './worlds.js';

const fields = [
  'method',
  'dataset',
  'fraction',
  'seed',
  'labels',
  'scoredOn',
  'scoredWorld',
  'scoredOver',
  'settings',
  'width',
  'corruption',
  'sam',
] as const;

const real = ['kitti-frames', 'nuscenes', 'semantickitti', 'scribblekitti'];

const expected = (field: string, found: unknown, what: string): never => {
  throw new Failure(dataError('malformed', '--spec', field, JSON.stringify(found) ?? 'nothing', what));
};

const oneOf = (field: string, found: unknown, names: readonly string[]): void => {
  if (typeof found !== 'string' || !names.includes(found))
    expected(field, found, `one of ${names.join(', ')}`);
};

/** A run's specification from its JSON; what is wrong with it is said field by field. */
export function readSpec(json: string): RunSpec {
  let spec: Partial<Record<(typeof fields)[number], unknown>>;
  try {
    spec = JSON.parse(json);
  } catch (problem) {
    throw new Failure(dataError('malformed', '--spec', 'value', (problem as Error).message, 'JSON'));
  }
  if (typeof spec !== 'object' || spec === null) return expected('value', spec, 'an object');
  for (const field of Object.keys(spec)) oneOf('fields', field, fields);
  const {
    method,
    dataset,
    fraction,
    seed,
    labels,
    scoredOn,
    scoredWorld,
    scoredOver,
    settings = {},
    width,
    corruption,
    sam,
  } = spec;
  oneOf('method', method, methodNames);
  oneOf('dataset', dataset, [...Object.keys(worlds), ...real]);
  if (!(typeof fraction === 'number' && fraction > 0 && fraction <= 100))
    expected('fraction', fraction, 'percent, above 0 and up to 100');
  if (!(Number.isInteger(seed) && (seed as number) >= 0)) expected('seed', seed, 'a whole number');
  if (labels !== undefined && !(typeof labels === 'string' && /^[0-9a-f]{8}$/.test(labels)))
    expected('labels', labels, 'the digest of a list of labelled frames: eight digits of base 16');
  if (scoredOn !== undefined) oneOf('scoredOn', scoredOn, ['test', 'tune']);
  if (scoredWorld !== undefined) oneOf('scoredWorld', scoredWorld, Object.keys(worlds));
  if (scoredOver !== undefined) oneOf('scoredOver', scoredOver, ['shared']);
  if (width !== undefined && !(Number.isInteger(width) && (width as number) > 0))
    expected('width', width, 'a whole number above 0');
  if (corruption !== undefined) {
    if (typeof corruption !== 'object' || corruption === null)
      return expected('corruption', corruption, 'an object');
    for (const [name, value] of Object.entries(corruption)) {
      oneOf('corruption', name, Object.keys(usualCorruption));
      if (typeof value !== 'number') expected(`corruption.${name}`, value, 'a number');
    }
  }
  if (sam !== undefined) checkSam(sam);
  const checked = trainSettings.safeParse(settings);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    expected(
      ['settings', ...(issue?.path ?? [])].join('.'),
      settings,
      issue?.message ?? 'settings of training',
    );
  }
  const read = spec as unknown as RunSpec;
  refuseIgnored(read);
  return read;
}

const { threads: _, ...samNumbers } = samRanges;

function checkSam(sam: unknown): void {
  const changes: object = typeof sam === 'object' && sam !== null ? sam : expected('sam', sam, 'an object');
  for (const [name, value] of Object.entries(changes)) {
    oneOf('sam', name, ['preset', ...Object.keys(samNumbers)]);
    if (name === 'preset') {
      oneOf('sam.preset', value, Object.keys(samPresets));
      continue;
    }
    const range = expectedWithin(samNumbers[name as keyof typeof samNumbers], value);
    if (range !== undefined) expected(`sam.${name}`, value, range);
  }
}

/** What would have no effect, and be told of in the tables all the same; and what no world has. */
function refuseIgnored(spec: RunSpec): void {
  const { dataset, fraction, labels, scoredOn, scoredWorld = dataset, scoredOver, settings, sam } = spec;
  if (settings && 'method' in settings)
    expected('settings.method', settings.method, "nothing: the run's method is what counts");
  const world = worlds[dataset];
  if (labels !== undefined && (world || dataset === 'kitti-frames'))
    expected('labels', labels, `nothing: there is no published list of labelled frames for ${dataset}`);
  if (sam !== undefined && world)
    expected('sam', sam, `nothing: the masks of ${dataset} are the simulator's own`);
  const scored = worlds[scoredWorld];
  if (!world || !scored) {
    for (const field of ['scoredOn', 'scoredWorld', 'scoredOver', 'corruption'] as const)
      if (spec[field] !== undefined)
        expected(field, spec[field], `nothing: ${dataset} is not simulated, and scored as it is`);
    if (dataset === 'kitti-frames' && fraction !== 100)
      expected('fraction', fraction, '100: all runs have the labels of frame 0');
    return;
  }
  if (world.simulation.scenes.train === 0) expected('dataset', dataset, 'one that has training scenes');
  if (scoredOn === 'tune' && scored.tuneScenes === 0)
    expected('scoredOn', scoredOn, `nothing: ${scoredWorld} has no scenes for that alone`);
  const isNuScenes = ({ simulation }: World): boolean => simulation.format === 'nuscenes';
  if (scoredOver === undefined && isNuScenes(world) !== isNuScenes(scored))
    expected('scoredOver', scoredOver, `shared: ${scoredWorld} has other classes than ${dataset}`);
}
