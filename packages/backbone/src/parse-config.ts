import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type Cylinder3dConfig, type Cylinder3dOptions, cylinder3dConfig } from './config.js';
import { errorText } from './error-text.js';

const numbers = ['numClasses', 'width', 'pointChannels', 'voxelInputChannels'] as const;
const lists = ['pointWidths', 'gridShape'] as const;
const known = new Set<string>([...numbers, ...lists, 'kernelMaps', 'wrapAzimuth']);

/**
 * Reads a configuration that came as JSON (a weights file's metadata, say). Errors name `source` and the field:
 * unknown fields, wrong types, and whatever {@link cylinder3dConfig} refuses.
 */
export function parseConfig(text: string, source: string): Either<DataError, Cylinder3dConfig> {
  const wrong = (field: string, found: string, expected: string): Either<DataError, never> =>
    left(dataError('malformed', source, field, found, expected));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return wrong('config', text.slice(0, 40), 'JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong('config', text.slice(0, 40), 'an object');
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const name of fields.keys())
    if (!known.has(name)) return wrong(`config.${name}`, 'an unknown field', [...known].join(', '));
  for (const name of ['numClasses', 'width'])
    if (!fields.has(name)) return wrong(`config.${name}`, 'nothing', 'a number');
  for (const name of numbers)
    if (fields.has(name) && typeof fields.get(name) !== 'number')
      return wrong(`config.${name}`, JSON.stringify(fields.get(name)), 'a number');
  for (const name of lists) {
    const list = fields.get(name);
    if (list === undefined) continue;
    if (!Array.isArray(list) || list.some((n) => typeof n !== 'number'))
      return wrong(`config.${name}`, JSON.stringify(list), 'a list of numbers');
    if (name === 'gridShape' && list.length !== 3)
      return wrong('config.gridShape', `${list.length} numbers`, '3');
  }
  if (fields.has('wrapAzimuth') && typeof fields.get('wrapAzimuth') !== 'boolean')
    return wrong('config.wrapAzimuth', JSON.stringify(fields.get('wrapAzimuth')), 'true or false');
  try {
    return right(cylinder3dConfig(value as Cylinder3dOptions));
  } catch (error) {
    return wrong('config', errorText(error), 'sizes that a network can have');
  }
}
