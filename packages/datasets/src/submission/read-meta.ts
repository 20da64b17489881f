import { dataError } from '@nerfseg/geometry';
import { z } from 'zod';
import { raise } from '../files/guard.js';
import { nuscenesMetaName } from './prediction-names.js';
import type { SubmissionFiles } from './submission-files.js';
import type { NuScenesSubmissionMeta } from './write-predictions.js';

const submission = z.object({
  // As the devkit's own check has it: these five and nothing else.
  meta: z.strictObject({
    use_camera: z.boolean(),
    use_lidar: z.boolean(),
    use_radar: z.boolean(),
    use_map: z.boolean(),
    use_external: z.boolean(),
  }),
});

/** Most bytes of a submission.json: it has five words. */
const largest = 2 ** 16;

/** Reads and checks `SET/submission.json`; raises `missing-file` or `malformed`. */
export const checkNuScenesMeta = async (
  path: string,
  files: SubmissionFiles,
  evaluationSet: string,
): Promise<NuScenesSubmissionMeta> => {
  const name = nuscenesMetaName(evaluationSet, path);
  const source = `${path}: ${name}`;
  const size = await files.size(name);
  if (size > largest)
    raise(dataError('out-of-range', source, 'size', `${size} bytes`, `at most ${largest} bytes`));
  const text = new TextDecoder().decode(await files.read(name, size));
  const found = submission.safeParse(parse(text, source));
  if (found.success) return found.data.meta;
  const [issue] = found.error.issues;
  return raise(
    dataError(
      'malformed',
      source,
      issue.path.join('.') || 'content',
      issue.message,
      'meta with five booleans',
    ),
  );
};

const parse = (text: string, source: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    return raise(dataError('malformed', source, 'JSON', String(thrown), 'JSON'));
  }
};
