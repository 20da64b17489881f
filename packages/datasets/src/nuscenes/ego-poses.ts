import { dataError, type Pose, poseFromQuaternion } from '@nerfseg/geometry';
import { raise, unwrap } from '../files/guard.js';
import { readTable } from './read-table.js';
import { egoPoseRow } from './rows.js';

/** Ego poses that are used, packed: 7 numbers each and no object, as there are hundreds of thousands. */
export interface EgoPoses {
  readonly pose: (index: number) => Pose;
}

const tokenText = /"token"\s*:\s*"([^"\\]*)"/;

/**
 * Reads those poses of ego_pose.json that are asked for.
 *
 * @param indexOf token to index, 0 to size - 1.
 */
export const readEgoPoses = async (
  folder: string,
  indexOf: ReadonlyMap<string, number>,
): Promise<EgoPoses> => {
  const packed = new Float64Array(indexOf.size * 7);
  const present = new Uint8Array(indexOf.size);
  const source = (token: string) => `${folder}/ego_pose.json: token ${token}`;
  // Nine rows in ten belong to sweeps and pictures between key frames: their token says so before they are parsed.
  const accept = (text: string): boolean => {
    const token = tokenText.exec(text);
    return token === null || indexOf.has(token[1]);
  };
  await readTable(
    folder,
    'ego_pose',
    egoPoseRow,
    ({ token, translation, rotation }) => {
      const index = indexOf.get(token);
      if (index === undefined) return;
      unwrap(poseFromQuaternion(translation, rotation, source(token)));
      packed.set(translation, index * 7);
      packed.set(rotation, index * 7 + 3);
      present[index] = 1;
    },
    { accept },
  );
  for (const [token, index] of indexOf)
    if (!present[index])
      raise(
        dataError('not-found', `${folder}/ego_pose.json`, 'token', token, 'the row that sample_data names'),
      );
  return {
    pose: (index) =>
      unwrap(
        poseFromQuaternion(
          packed.subarray(index * 7, index * 7 + 3),
          packed.subarray(index * 7 + 3, index * 7 + 7),
          `${folder}/ego_pose.json`,
        ),
      ),
  };
};
