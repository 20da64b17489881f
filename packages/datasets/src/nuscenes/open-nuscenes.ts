import { join } from 'node:path';
import { type DataError, dataError, pinholeCamera } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, raise, unwrap } from '../files/guard.js';
import { exists, listFolder } from '../files/list-folder.js';
import { nuscenesLabelSpace } from '../labels/nuscenes.js';
import { type NuScenesSplit, nuscenesScenes } from '../splits/nuscenes.js';
import type { FrameDataset } from '../types.js';
import { readCalibrations } from './calibrations.js';
import { type Capture, readCaptures } from './captures.js';
import { readEgoPoses } from './ego-poses.js';
import { nuscenesFrame } from './frame.js';
import { labelMapOf } from './label-map-of.js';
import { pairCameras } from './pair-cameras.js';
import { readTable } from './read-table.js';
import { lidarsegRow } from './rows.js';

export interface OpenNuScenesOptions {
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
 * Opens nuScenes (with lidarseg where it is there): the official tables, LIDAR_TOP sweeps, and every camera with the
 * ego pose of its own shutter time. A frame's id is its sample token (of a sweep between key frames: its sample_data
 * token), its sequence the scene's name.
 *
 * Tables are streamed: of sample_data and ego_pose (2.6 million rows each in v1.0-trainval) only what the chosen
 * scenes use is kept, about 0.5 kB per picture or sweep.
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
    const wanted = (scene: string): boolean =>
      (!inSplit || inSplit.has(scene)) && (!named || named.has(scene));

    const calibrations = await readCalibrations(folder);
    const { scenes, egoPoses } = await readCaptures(folder, wanted, keyframesOnly, calibrations);
    for (const name of named ?? [])
      if (!scenes.some((scene) => scene.name === name))
        raise(dataError('not-found', join(folder, 'scene.json'), 'name', name, `a scene of split ${split}`));
    const labelMap = await labelMapOf(folder);
    const labelFiles = new Map<string, string>();
    if (await exists(join(folder, 'lidarseg.json')))
      await readTable(folder, 'lidarseg', lidarsegRow, (row) => {
        labelFiles.set(row.sample_data_token, row.filename);
      });
    const poses = await readEgoPoses(folder, egoPoses);

    const frames = scenes.flatMap((scene) => {
      const cameras = pairCameras(scene);
      return scene.lidar.map((lidar, i) => ({ scene: scene.name, lidar, cameras: cameras[i] }));
    });
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
    const checked = new Set<Capture['calibration']>();
    for (const { cameras } of frames)
      for (const { calibration, width, height } of cameras)
        if (!checked.has(calibration)) {
          unwrap(pinholeCamera(width, height, calibration.intrinsics, calibration.source));
          checked.add(calibration);
        }
    return {
      name: `nuScenes ${version} ${split}`,
      labelSpace: nuscenesLabelSpace,
      length: frames.length,
      frame: (i) => {
        const frame = frames[i];
        if (!frame) throw new RangeError(`frame ${i} of ${frames.length}`);
        return nuscenesFrame(root, frame, poses, labelMap, labelFiles.get(frame.lidar.token));
      },
    };
  });

const onlyVersion = async (root: string): Promise<string> => {
  const versions = (await listFolder(root)).filter((name) => /^v\d/.test(name));
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
