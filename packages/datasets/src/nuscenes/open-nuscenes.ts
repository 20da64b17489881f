import { join } from 'node:path';
import { type DataError, dataError, pinholeCamera } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, raise, unwrap } from '../files/guard.js';
import { listFolders } from '../files/list-folder.js';
import { nuscenesLabelMap, nuscenesLabelSpace, nuscenesRawLabels } from '../labels/nuscenes.js';
import { type NuScenesSplit, nuscenesScenes } from '../splits/nuscenes.js';
import type { FrameDataset } from '../types.js';
import { type Calibration, calibrationOf, calibrationSource } from './calibrations.js';
import { nuscenesFrame } from './frame.js';
import { frameTable } from './frame-table.js';
import type { LoadedIndex } from './index/index-file.js';
import type { PartKind } from './index/layout.js';
import { type IndexOptions, openIndex } from './index/open-index.js';
import type { SceneCaptures } from './scene-captures.js';

export interface OpenNuScenesOptions extends IndexOptions {
  /** The folder with `samples/` and `v1.0-.../`. */
  readonly root: string;
  /** `v1.0-trainval`, `v1.0-mini`, ...; may be left out where the root has just one. */
  readonly version?: string;
  /** Official split by scene name. Default 'all': every scene that is there. */
  readonly split?: NuScenesSplit | 'all';
  /** Scene names to keep, of those in the split. */
  readonly scenes?: readonly string[];
  /** Default true. false: the sweeps between key frames too, unlabelled, each with the nearest picture of every camera. */
  readonly keyframesOnly?: boolean;
}

/**
 * Opens nuScenes (with lidarseg and panoptic where they are there): the official tables, LIDAR_TOP sweeps, and every
 * camera with the ego pose of its own shutter time. A frame's id is its sample token (of a sweep between key frames: its
 * sample_data token), its sequence the scene's name.
 *
 * Large tables (v1.0-trainval: 2.6 million rows of sample_data and of ego_pose, 2 GB) are read once and kept as an index
 * of 0.14 GB; later openings read of it what the chosen scenes need. An index that is stale (a table was changed),
 * damaged or of another version is made anew.
 *
 * @returns an error that names the table, the token and the field.
 */
export const openNuScenes = (options: OpenNuScenesOptions): TaskEither<DataError, FrameDataset> =>
  guard(async () => {
    const { root, split = 'all', keyframesOnly = true } = options;
    const version = options.version ?? (await onlyVersion(root));
    const folder = join(root, version);
    const inSplit = split === 'all' ? undefined : new Set(nuscenesScenes(split));
    const named = options.scenes && new Set(options.scenes);
    const parts: readonly PartKind[] = [
      'keyframes',
      'lidarSweeps',
      ...(keyframesOnly ? [] : ['cameraSweeps' as const]),
    ];
    const wanted = (scene: string): boolean =>
      (!inSplit || inSplit.has(scene)) && (!named || named.has(scene));
    const index = await openIndex(folder, (scene) => (wanted(scene) ? parts : []), options);
    const { header } = index;
    for (const name of named ?? [])
      if (!header.scenes.some((scene) => scene.name === name && wanted(name)))
        raise(dataError('not-found', join(folder, 'scene.json'), 'name', name, `a scene of split ${split}`));

    const frames = frameTable(scenesOf(folder, index), keyframesOnly);
    if (frames.length === 0)
      raise(
        dataError(
          'empty',
          join(folder, 'scene.json'),
          'scenes',
          `none of split ${split}`,
          'at least one sample',
          'Scenes are chosen by their official names; split "all" takes every scene.',
        ),
      );
    const labelMap = header.categories.length > 0 ? nuscenesLabelMap(header.categories)! : nuscenesRawLabels;
    return {
      name: `nuScenes ${version} ${split}`,
      labelSpace: nuscenesLabelSpace,
      length: frames.length,
      frame: (i) => {
        if (!(Number.isInteger(i) && i >= 0 && i < frames.length))
          throw new RangeError(`frame ${i} of ${frames.length}`);
        const { scene, ref } = frames.at(i);
        return nuscenesFrame(root, scene, ref, labelMap);
      },
    };
  });

/** The scenes that were opened, found whole and with cameras that can be. */
const scenesOf = (folder: string, { header, parts }: LoadedIndex): readonly SceneCaptures[] => {
  const known: (Calibration | undefined)[] = [];
  // Made when asked for: there are ten thousand of them.
  const calibration = (number: number): Calibration =>
    (known[number] ??= calibrationOf(folder, header.channels, header.calibrations[number]));
  const shared = { folder, calibration, aliases: header.aliases };
  const checked = new Set<number>();
  return [...parts.keys()]
    .sort((a, b) => a - b)
    .map((s) => {
      const { name, fault } = header.scenes[s];
      if (fault)
        raise(dataError('not-found', join(folder, fault.source), fault.field, fault.found, fault.expected));
      const { keyframes, lidarSweeps, cameraSweeps } = parts.get(s)!;
      for (const part of [keyframes, cameraSweeps])
        for (let row = part?.channelStart[1] ?? 0; part && row < part.timestamps.length; row++) {
          const number = part.calibrations[row];
          if (checked.has(number)) continue;
          checked.add(number);
          const { token, intrinsics } = header.calibrations[number];
          const source = calibrationSource(folder, token);
          unwrap(pinholeCamera(part.widths[row], part.heights[row], Float64Array.from(intrinsics), source));
        }
      return { name, shared, keyframes: keyframes!, lidarSweeps: lidarSweeps!, cameraSweeps };
    });
};

const onlyVersion = async (root: string): Promise<string> => {
  // An archive may lie beside what came out of it.
  const versions = (await listFolders(root)).filter((name) => /^v\d/.test(name));
  return versions.length === 1
    ? versions[0]
    : raise(
        dataError(
          'not-found',
          root,
          'version',
          versions.length === 0 ? 'no folder v1.0-...' : versions.join(', '),
          'one version, or the option `version`',
        ),
      );
};
