import { type FileContent, writeFileAtomic } from '@nerfseg/files';
import { unwrap } from './guard.js';

/** `writeFileAtomic` for work under a `guard`: raises `unavailable`. */
export const putFile = async (path: string, content: FileContent): Promise<void> =>
  unwrap(await writeFileAtomic(path, content)());
