import { open } from 'node:fs/promises';

/**
 * A whole file, also one of more than the 2 GiB that Node's `readFile` takes: the state of a wide network, written well, is that large.
 * Rejects as Node does.
 *
 * @param piece most bytes that are asked for at a time, less than 2 GiB.
 */
export async function readPieces(file: string, piece = 2 ** 30): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(piece, size - at), at);
      if (bytesRead === 0) throw new Error(`${file} ends after ${at} of ${size} bytes`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
