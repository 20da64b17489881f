import { bytesOf } from '../safetensors/types.js';
import { byteCursor, utf8 } from './byte-cursor.js';
import type { Checkpoint } from './checkpoint.js';
import { readPickle } from './read-pickle.js';
import { refuse } from './refuse.js';
import { torchCall, torchGlobal, torchStorage } from './torch-globals.js';
import { zipDirectory } from './zip-directory.js';
import { zipEntry } from './zip-entry.js';

/** PyTorch 1.6 and later: a zip archive of `NAME/data.pkl` and one `NAME/data/KEY` for each storage. */
export function readZipCheckpoint(bytes: Uint8Array): Checkpoint {
  const entries = zipDirectory(bytes);
  const pickle = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  const folder = pickle?.slice(0, -'data.pkl'.length);
  if (pickle === undefined || folder === undefined)
    return refuse(
      'not-found',
      'data.pkl',
      [...entries.keys()].slice(0, 3).join(', ') || 'an empty archive',
      'what torch.save writes',
    );
  if (entries.has(`${folder}constants.pkl`))
    refuse(
      'mismatch',
      'data.pkl',
      'a TorchScript program',
      'a checkpoint of torch.save',
      'In Python: torch.save(torch.jit.load(FILE).state_dict(), NEW_FILE).',
    );
  const order = entries.get(`${folder}byteorder`);
  if (order && utf8(zipEntry(bytes, order)).trim() !== 'little')
    refuse('mismatch', 'byteorder', utf8(zipEntry(bytes, order)).slice(0, 20), 'little');
  const root = readPickle(byteCursor(zipEntry(bytes, entries.get(pickle)!)), {
    global: torchGlobal,
    call: torchCall,
    persistent: torchStorage,
  });
  // A storage that tensors share is checked once.
  const contents = new Map<string, Uint8Array>();
  return {
    root,
    bytesOf: ({ key, dtype, elements }) => {
      const entry = entries.get(`${folder}data/${key}`);
      if (!entry) return refuse('not-found', `${folder}data/${key}`, 'nothing', "a storage's bytes");
      const content = contents.get(key) ?? zipEntry(bytes, entry);
      contents.set(key, content);
      if (content.length !== elements * bytesOf[dtype])
        refuse('mismatch', entry.name, `${content.length} bytes`, `${elements} of ${dtype}`);
      return content;
    },
  };
}
