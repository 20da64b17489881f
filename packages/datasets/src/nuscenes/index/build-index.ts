import { readSensors } from '../calibrations.js';
import { readCategories } from '../read-categories.js';
import { isOfficialToken, wordsText } from '../scan/token-words.js';
import { type Aliases, newAliases } from './aliases.js';
import { bytePool } from './byte-pool.js';
import { encodeParts } from './encode-parts.js';
import { type BuiltIndex, partKinds, type SceneFault } from './layout.js';
import { type Captures, readCaptures } from './read-captures.js';
import { readEgoPoses } from './read-ego-poses.js';
import { readLabelFiles } from './read-label-files.js';
import { readSamples, type Samples } from './read-samples.js';

/** How far the reading of tables has come. */
export interface IndexProgress {
  readonly table: 'sample_data' | 'ego_pose';
  /** Bytes read of that table. */
  readonly bytes: number;
}

/**
 * Reads all tables once. What is held of v1.0-trainval is about 100 bytes per reading of LiDAR or camera. Raises.
 *
 * @param stamp of the tables, kept in the index.
 */
export const buildIndex = async (
  folder: string,
  stamp: string,
  onProgress: (progress: IndexProgress) => void,
): Promise<BuiltIndex> => {
  const aliases = newAliases();
  const { channels, calibrations, table } = await readSensors(folder);
  const samples = await readSamples(folder, aliases);
  const pool = bytePool();
  const captures = await readCaptures(folder, samples, table, pool, aliases, (bytes) =>
    onProgress({ table: 'sample_data', bytes }),
  );
  const categories = await readCategories(folder);
  const lidarseg = await readLabelFiles(folder, 'lidarseg', pool);
  const panoptic = await readLabelFiles(folder, 'panoptic', pool);
  const poses = await readEgoPoses(folder, captures.egoPoses, (bytes) =>
    onProgress({ table: 'ego_pose', bytes }),
  );
  const faults = faultsOf(samples, captures, poses, aliases);
  const sampleWords = samples.samples.words();
  const { entries, parts } = encodeParts({
    numScenes: samples.sceneNames.length,
    numChannels: channels.length,
    captures,
    poses,
    sampleWords,
    pool,
    lidarseg,
    panoptic,
  });
  return {
    header: {
      stamp,
      channels: [...channels],
      scenes: samples.sceneNames.map((name, scene) => ({
        name,
        ...(faults[scene] ? { fault: faults[scene] } : {}),
        parts: entries[scene],
      })),
      calibrations: [...calibrations],
      categories: [...categories],
      aliases: aliasesOf(captures, sampleWords, aliases),
    },
    parts,
  };
};

/** The first thing that is missing of each scene: a sample's sweep, or a reading's ego pose. */
const faultsOf = (
  { sceneNames, samples, sceneOf }: Samples,
  { rows, columns, egoPoses }: Captures,
  poses: Float64Array,
  aliases: Aliases,
): readonly (SceneFault | undefined)[] => {
  const faults: (SceneFault | undefined)[] = sceneNames.map(() => undefined);
  const swept = new Uint8Array(samples.size());
  for (let row = 0; row < rows; row++) {
    const scene = Math.floor(columns.group[row] / partKinds.length);
    if (columns.channel[row] === 0 && columns.group[row] % partKinds.length === 0)
      swept[columns.samples[row]] = 1;
    const pose = columns.egoPoses[row];
    if (Number.isNaN(poses[pose * 7]))
      faults[scene] ??= {
        source: 'ego_pose.json',
        field: 'token',
        found: aliases.text(egoPoses.words(), pose * 4),
        expected: 'the row that sample_data names',
      };
  }
  sceneOf.forEach((scene, sample) => {
    if (scene >= 0 && !swept[sample])
      faults[scene] ??= {
        source: 'sample_data.json',
        field: `sample_token ${aliases.text(samples.words(), sample * 4)}`,
        found: 'no key frame of LIDAR_TOP',
        expected: 'one for every sample',
      };
  });
  return faults;
};

/** Of unofficial tokens those that a frame can be asked for. */
const aliasesOf = (
  { rows, columns }: Captures,
  sampleWords: Uint32Array,
  aliases: Aliases,
): Record<string, string> => {
  const kept: Record<string, string> = {};
  const keep = (words: Uint32Array, at: number): void => {
    const token = aliases.text(words, at);
    if (!isOfficialToken(token)) kept[wordsText(words, at)] = token;
  };
  if (!aliases.any()) return kept;
  for (let row = 0; row < rows; row++) if (columns.channel[row] === 0) keep(columns.tokens, row * 4);
  for (let at = 0; at < sampleWords.length; at += 4) keep(sampleWords, at);
  return kept;
};
