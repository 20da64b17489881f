import { join } from 'node:path';
import { composePoses, type DataError, dataError, invertPose, type Pose, rows34Of } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { allSettled } from '../files/all-settled.js';
import { guard, raise } from '../files/guard.js';
import { putFile } from '../files/put-file.js';
import { refuseRepeated } from '../files/refuse-repeated.js';
import { encodePng } from '../images/write-image.js';
import { scribbleLabelsFolder } from '../kitti/open-scribble-kitti.js';
import { semanticKittiLabelSpace } from '../labels/semantic-kitti.js';
import type { FrameRecord, SceneRecord } from '../record.js';
import { checkKittiCameras } from './check-kitti-cameras.js';
import { checkFrame, checkPose } from './check-record.js';
import { type KittiRig, kittiRig } from './kitti-calibration.js';
import { type KittiLabelOptions, kittiLabelBytes } from './kitti-label-bytes.js';
import { kittiPointBytes } from './point-records.js';
import type { WriteSummary } from './write-nuscenes.js';

type Scenes = Iterable<SceneRecord> | AsyncIterable<SceneRecord>;

/**
 * Writes scenes as SemanticKITTI sequences: velodyne/, labels/, image_2/ and image_3/ (by the cameras' names),
 * calib.txt, times.txt and poses.txt (camera 0, the first one the origin); instances are kept in the labels. A scene's name is its sequence: '00'.
 *
 * The format has one time per scan, taken from the first scan on, and one pose: cameras are taken to fire with the
 * scanner, so a record whose camera poses differ from the sweep's loses that difference. The calibration is that of
 * the first frame.
 *
 * @returns `malformed` for a name that is no sequence or camera of KITTI, `mismatch` for cameras that are not
 * parallel, a sequence or a frame's camera that comes twice, or a camera that the first frame does not have, `out-of-range` for an instance beyond 65,535, `unavailable` when the folder cannot be written.
 */
export const writeSemanticKitti = (root: string, scenes: Scenes): TaskEither<DataError, WriteSummary> =>
  guard(() => writeKitti(root, scenes, () => 'labels'));

/**
 * Writes scenes as ScribbleKITTI: as `writeSemanticKitti`, with the labels (which should be sparse) in `scribbles/`;
 * the validation sequence 08 has its labels, which should be full, in `labels/`.
 */
export const writeScribbleKitti = (root: string, scenes: Scenes): TaskEither<DataError, WriteSummary> =>
  guard(() => writeKitti(root, scenes, scribbleLabelsFolder));

const writeKitti = async (
  root: string,
  scenes: Scenes,
  labelsFolderOf: (sequence: string) => string,
): Promise<WriteSummary> => {
  const summary = { scenes: 0, frames: 0 };
  const names = new Set<string>();
  for await (const scene of scenes) {
    if (!/^\d\d$/.test(scene.name))
      raise(dataError('malformed', root, 'scene name', scene.name, "a sequence of two digits, as '00'"));
    refuseRepeated(names, scene.name, root, 'scene name');
    summary.frames += await writeSequence(
      join(root, 'sequences', scene.name),
      scene,
      labelsFolderOf(scene.name),
    );
    summary.scenes++;
  }
  return summary;
};

const writeSequence = async (folder: string, scene: SceneRecord, labelsFolder: string): Promise<number> => {
  checkPose(scene.egoFromLidar, `${scene.name}: egoFromLidar`);
  let rig: KittiRig | undefined;
  let firstTime = 0;
  let camera0FromGlobal: Pose | undefined;
  let calibrated: readonly string[] | undefined;
  const times: string[] = [];
  const poses: string[] = [];
  for await (const frame of scene.frames) {
    checkFrame(frame, semanticKittiLabelSpace.names.length);
    const scan = String(times.length).padStart(6, '0');
    const cameras = frame.cameras.map(({ name }) => name);
    calibrated ??= cameras;
    checkKittiCameras(cameras, calibrated, `${folder}: scan ${scan}`);
    if (times.length === 0) firstTime = frame.timestamp;
    rig ??= kittiRig(scene.name, scene.egoFromLidar, frame.cameras);
    const globalFromCamera0 = composePoses(frame.globalFromEgo, rig.egoFromCamera0);
    camera0FromGlobal ??= invertPose(globalFromCamera0);
    if (!('written' in frame)) await writeFrame(folder, labelsFolder, scan, frame);
    times.push(((frame.timestamp - firstTime) / 1e6).toFixed(6));
    poses.push(rows34Of(composePoses(camera0FromGlobal, globalFromCamera0)).join(' '));
  }
  if (!rig) return 0;
  await putFile(join(folder, 'calib.txt'), rig.text);
  await putFile(join(folder, 'times.txt'), `${times.join('\n')}\n`);
  await putFile(join(folder, 'poses.txt'), `${poses.join('\n')}\n`);
  return times.length;
};

const writeFrame = async (
  folder: string,
  labelsFolder: string,
  scan: string,
  frame: FrameRecord,
): Promise<void> => {
  const { points, labels, cameras } = frame;
  const words = labels && kittiLabelBytes(labels, instancesOf(frame, `${folder}: scan ${scan}`));
  await allSettled([
    putFile(join(folder, 'velodyne', `${scan}.bin`), kittiPointBytes(points)),
    ...(words ? [putFile(join(folder, labelsFolder, `${scan}.label`), words)] : []),
    ...cameras.map(async ({ name, image }) => {
      await putFile(join(folder, name, `${scan}.png`), await encodePng(image));
    }),
  ]);
};

/** For the upper 16 bits of the labels. */
const instancesOf = ({ instances }: FrameRecord, source: string): KittiLabelOptions => {
  if (!instances) return {};
  const numbers = Uint16Array.from(instances, (id, i) =>
    Number.isInteger(id) && id >= 0 && id < 65536
      ? id
      : raise(dataError('out-of-range', source, `instance of point ${i}`, String(id), '0 to 65535')),
  );
  return { instances: numbers };
};
