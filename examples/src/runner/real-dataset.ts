import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataError } from '@nerfseg/geometry';
import { Failure } from './need.js';

/** Which data set lies in a folder, by its files. */
export function realDataset(root: string): 'nuscenes' | 'semantickitti' | 'scribblekitti' {
  const names = existsSync(root) ? readdirSync(root) : [];
  if (names.some((name) => name.startsWith('v1.0-'))) return 'nuscenes';
  for (const folder of [join(root, 'sequences'), join(root, 'dataset', 'sequences')]) {
    if (!existsSync(folder)) continue;
    const scribbled = readdirSync(folder).some((sequence) => existsSync(join(folder, sequence, 'scribbles')));
    return scribbled ? 'scribblekitti' : 'semantickitti';
  }
  throw new Failure(
    dataError(
      names.length > 0 ? 'malformed' : 'missing-file',
      root,
      'data set',
      names.slice(0, 5).join(', ') || 'nothing',
      'v1.0-... (nuScenes), or sequences/ (SemanticKITTI, ScribbleKITTI)',
    ),
  );
}

/** The folder of KITTI's eleven frames, which SemanticKITTI alone has; undefined where none was given. */
export function kittiFramesFolder(data: string | undefined): string | undefined {
  if (data === undefined) return undefined;
  const found = realDataset(data);
  if (found === 'semantickitti') return data;
  throw new Failure(
    dataError(
      'out-of-range',
      data,
      '--data',
      found,
      'semantickitti: other real data is for table1 and the like',
    ),
  );
}
